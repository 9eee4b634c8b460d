/* login: boxes to enter, register and recover a password, notes that hide
 * content from guests. Refuses «تسجيل»، «دخول»، «خروج» alone and instructions
 * that quote the box. Cases: fixtures/filters/login.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"enter", "login", "log in, log out, greetings to guests"},
    {"register", "login", "create an account"},
    {"password", "login", "passwords and their recovery"},
    {"account", "login", "user name, my account"},
    {"locked", "login", "content that guests may not see"},
    {0},
};

MK_PHRASES_FILTER(login, "login boxes, registration, hidden content", rules);
