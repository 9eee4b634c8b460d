/* about.h: what people say of a release that is made: --metadata, with the day where they
 * tell none. */
#ifndef MK_ABOUT_H
#define MK_ABOUT_H

#include "minkhal/release.h"
#include "release/manifest.h"
#include "release/metadata.h"

/* Reads the file that the options name, if they do, into ret and m. MK_OPTION. */
mk_err mk_about_read(const mk_pack_options *options, mk_manifest *m, mk_metadata *ret,
                     mk_error *reterr);

/* The version of Croissant that was asked for, if one was, into m. MK_OPTION. */
mk_err mk_about_croissant(const mk_pack_options *options, mk_manifest *m, mk_error *reterr);

#endif
