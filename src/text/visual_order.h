#include "text/mojibake.h"
