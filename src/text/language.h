/* language.h: which of the languages in Arabic script a text is in. */
#ifndef MK_LANGUAGE_H
#define MK_LANGUAGE_H

#include "minkhal/text.h"

typedef enum mk_language {
    MK_LANGUAGE_OTHER, /* another one, or it could not be told */
    MK_LANGUAGE_AR,    /* Arabic */
    MK_LANGUAGE_FA,    /* Persian, Dari */
    MK_LANGUAGE_UR,    /* Urdu */
    MK_LANGUAGE_CKB,   /* Sorani Kurdish */
    MK_LANGUAGE_UG,    /* Uyghur */
    MK_LANGUAGE_PS     /* Pashto */
} mk_language;

/* By letters and words of the first 16 KiB that hold them. */
mk_language mk_language_detect(mk_str text);

/* "ar", "ckb", ...; "" for OTHER. */
const char *mk_language_code(mk_language language);

/* The language of a BCP 47 tag ("fa-AF", "prs", "zh"): by its first part. */
mk_language mk_language_of_tag(mk_str bcp47_tag);

#endif
