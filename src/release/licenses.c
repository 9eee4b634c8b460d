/* licenses.c: the licences under which data sets are given, with their identifiers and
 * names of the SPDX list (https://spdx.org/licenses) and the address of their text. The
 * last column is the word that dataset cards of Hugging Face have for them. */
#include "release/metadata.h"

#define CC "https://creativecommons.org/"

static const mk_license licenses[] = {
    {"CC0-1.0", "Creative Commons Zero v1.0 Universal", CC "publicdomain/zero/1.0/", "cc0-1.0"},
    {"CC-BY-2.0", "Creative Commons Attribution 2.0 Generic", CC "licenses/by/2.0/", "cc-by-2.0"},
    {"CC-BY-2.5", "Creative Commons Attribution 2.5 Generic", CC "licenses/by/2.5/", "cc-by-2.5"},
    {"CC-BY-3.0", "Creative Commons Attribution 3.0 Unported", CC "licenses/by/3.0/", "cc-by-3.0"},
    {"CC-BY-4.0", "Creative Commons Attribution 4.0 International", CC "licenses/by/4.0/",
     "cc-by-4.0"},
    {"CC-BY-SA-3.0", "Creative Commons Attribution Share Alike 3.0 Unported",
     CC "licenses/by-sa/3.0/", "cc-by-sa-3.0"},
    {"CC-BY-SA-4.0", "Creative Commons Attribution Share Alike 4.0 International",
     CC "licenses/by-sa/4.0/", "cc-by-sa-4.0"},
    {"CC-BY-NC-2.0", "Creative Commons Attribution Non Commercial 2.0 Generic",
     CC "licenses/by-nc/2.0/", "cc-by-nc-2.0"},
    {"CC-BY-NC-3.0", "Creative Commons Attribution Non Commercial 3.0 Unported",
     CC "licenses/by-nc/3.0/", "cc-by-nc-3.0"},
    {"CC-BY-NC-4.0", "Creative Commons Attribution Non Commercial 4.0 International",
     CC "licenses/by-nc/4.0/", "cc-by-nc-4.0"},
    {"CC-BY-ND-4.0", "Creative Commons Attribution No Derivatives 4.0 International",
     CC "licenses/by-nd/4.0/", "cc-by-nd-4.0"},
    {"CC-BY-NC-ND-3.0", "Creative Commons Attribution Non Commercial No Derivatives 3.0 Unported",
     CC "licenses/by-nc-nd/3.0/", "cc-by-nc-nd-3.0"},
    {"CC-BY-NC-ND-4.0",
     "Creative Commons Attribution Non Commercial No Derivatives 4.0 International",
     CC "licenses/by-nc-nd/4.0/", "cc-by-nc-nd-4.0"},
    {"CC-BY-NC-SA-3.0", "Creative Commons Attribution Non Commercial Share Alike 3.0 Unported",
     CC "licenses/by-nc-sa/3.0/", "cc-by-nc-sa-3.0"},
    {"CC-BY-NC-SA-4.0", "Creative Commons Attribution Non Commercial Share Alike 4.0 International",
     CC "licenses/by-nc-sa/4.0/", "cc-by-nc-sa-4.0"},
    {"ODC-By-1.0", "Open Data Commons Attribution License v1.0",
     "https://opendatacommons.org/licenses/by/1-0/", "odc-by"},
    {"ODbL-1.0", "Open Data Commons Open Database License v1.0",
     "https://opendatacommons.org/licenses/odbl/1-0/", "odbl"},
    {"PDDL-1.0", "Open Data Commons Public Domain Dedication & License 1.0",
     "https://opendatacommons.org/licenses/pddl/1-0/", "pddl"},
    {"CDLA-Permissive-1.0", "Community Data License Agreement Permissive 1.0",
     "https://cdla.dev/permissive-1-0/", "cdla-permissive-1.0"},
    {"CDLA-Permissive-2.0", "Community Data License Agreement Permissive 2.0",
     "https://cdla.dev/permissive-2-0/", "cdla-permissive-2.0"},
    {"CDLA-Sharing-1.0", "Community Data License Agreement Sharing 1.0",
     "https://cdla.dev/sharing-1-0/", "cdla-sharing-1.0"},
    {"C-UDA-1.0", "Computational Use of Data Agreement v1.0",
     "https://spdx.org/licenses/C-UDA-1.0.html", "c-uda"},
    {"Apache-2.0", "Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0",
     "apache-2.0"},
    {"MIT", "MIT License", "https://spdx.org/licenses/MIT.html", "mit"},
    {"BSD-2-Clause", "BSD 2-Clause \"Simplified\" License",
     "https://spdx.org/licenses/BSD-2-Clause.html", "bsd-2-clause"},
    {"BSD-3-Clause", "BSD 3-Clause \"New\" or \"Revised\" License",
     "https://spdx.org/licenses/BSD-3-Clause.html", "bsd-3-clause"},
    {"MPL-2.0", "Mozilla Public License 2.0", "https://www.mozilla.org/MPL/2.0/", "mpl-2.0"},
    {"GPL-3.0-only", "GNU General Public License v3.0 only",
     "https://www.gnu.org/licenses/gpl-3.0.html", "gpl-3.0"},
    {"GPL-3.0-or-later", "GNU General Public License v3.0 or later",
     "https://www.gnu.org/licenses/gpl-3.0.html", "gpl-3.0"},
    {"AGPL-3.0-only", "GNU Affero General Public License v3.0 only",
     "https://www.gnu.org/licenses/agpl-3.0.html", "agpl-3.0"},
    {"GFDL-1.3-only", "GNU Free Documentation License v1.3 only",
     "https://www.gnu.org/licenses/fdl-1.3.html", "gfdl"},
    {"GFDL-1.3-or-later", "GNU Free Documentation License v1.3 or later",
     "https://www.gnu.org/licenses/fdl-1.3.html", "gfdl"},
    {"EUPL-1.2", "European Union Public License 1.2", "https://spdx.org/licenses/EUPL-1.2.html",
     "eupl-1.2"},
    {"OGL-UK-3.0", "Open Government Licence v3.0",
     "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", NULL},
    {"Unlicense", "The Unlicense", "https://unlicense.org/", "unlicense"},
    {NULL, NULL, NULL, NULL},
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same(mk_str a, mk_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

const mk_license *mk_license_find(mk_str id)
{
    for (const mk_license *l = licenses; l->id; l++)
        if (same(id, mk_str_of(l->id)))
            return l;
    return NULL;
}

const mk_license *mk_license_nearest(mk_str id)
{
    const mk_license *best = NULL;
    unsigned distance = 4; /* slips: more is another licence */

    for (const mk_license *l = licenses; l->id; l++) {
        const unsigned d = mk_edit_distance(id, mk_str_of(l->id), distance);
        if (d < distance) {
            distance = d;
            best = l;
        }
    }
    return best;
}
