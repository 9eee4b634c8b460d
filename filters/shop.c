/* shop: furniture of shops: carts, stock, sorting, reviews, wishes, delivery.
 * Refuses names, descriptions and prices of goods and what customers write.
 * Cases: fixtures/filters/shop.cases. */
#include "minkhal/filter.h"

static const mk_rule rules[] = {
    {"cart", "shop_chrome", "carts, orders, product tabs"},
    {"stock", "shop_chrome", "in stock, out of stock"},
    {"price", "shop_chrome", "sorting, taxes, sums"},
    {"review", "shop_chrome", "heads of reviews and ratings"},
    {"wish", "shop_chrome", "wish lists"},
    {"ship", "shop_chrome", "delivery, payment, returns"},
    {0},
};

MK_PHRASES_FILTER(shop, "carts, stock, prices, reviews, delivery", rules);
