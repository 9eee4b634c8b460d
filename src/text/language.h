/* language.h: stub */
#ifndef MK_LANGUAGE_H
#define MK_LANGUAGE_H
#include "minkhal/text.h"
mk_language mk_language_detect(mk_str text);
#endif
