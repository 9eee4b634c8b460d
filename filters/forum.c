/* forum: member boxes, post heads, tools of a thread, permissions, pleas for
 * answers. Refuses what members write, short answers too (مشكور اخوي). Cases:
 * fixtures/filters/forum.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"member", "forum_chrome", "the box of a member"},
    {"post", "forum_chrome", "heads, buttons and notes of a post"},
    {"thread", "forum_chrome", "tools and lists of a thread or board"},
    {"rules", "forum_chrome", "permissions and rules"},
    {"plea", "forum_chrome", "please answer"},
    {0},
};

MK_PHRASES_FILTER(forum, "member boxes, post heads, thread tools, permissions", rules);
