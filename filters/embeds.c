/* embeds: what frames an embedded post, video or gallery. Refuses the post's
 * own text and sentences about posts (نشرت تغريدة ...). Cases:
 * fixtures/filters/embeds.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"post", "embedded_social", "frames of embedded posts"},
    {"blocked", "embedded_social", "content that is not available or needs consent"},
    {"video", "embedded_social", "watch the video"},
    {"gallery", "embedded_social", "galleries, enlarge the picture, attachments"},
    {0},
};

MK_PHRASES_FILTER(embeds, "frames of embedded posts, videos, galleries", rules);
