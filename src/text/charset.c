#include "text/charset.h"
#include <iconv.h>
#include <errno.h>
#include <strings.h>
struct mk_charset { const char *name; };
static const mk_charset sets[] = {{"utf-8"},{"windows-1256"},{"iso-8859-6"},{"windows-1252"},{"utf-16le"},{"utf-16be"}};
const mk_charset *mk_charset_by_label(mk_str l){ l=mk_str_trim(l); for(size_t i=0;i<6;i++) if(strlen(sets[i].name)==l.len&&!strncasecmp(sets[i].name,l.ptr,l.len)) return &sets[i]; return NULL;}
const char *mk_charset_name(const mk_charset*c){return c->name;}
const mk_charset *mk_charset_bom(mk_str b,size_t*n){ if(b.len>=3&&!memcmp(b.ptr,"\xEF\xBB\xBF",3)){*n=3;return sets;} return NULL;}
const mk_charset *mk_charset_detect(mk_str b){ size_t v=mk_utf8_valid(b); return v+4>=b.len?sets:&sets[1];}
mk_err mk_charset_decode(const mk_charset*c,mk_str b,mk_buf*o,uint64_t*bad,mk_error*e){
 iconv_t cd=iconv_open("UTF-8",c->name); char*in=(char*)(uintptr_t)b.ptr; size_t n=b.len; *bad=0;
 while(n>0){ char buf[4096]; char*p=buf; size_t r=sizeof buf; size_t k=iconv(cd,&in,&n,&p,&r); mk_buf_put(o,(mk_str){buf,(size_t)(p-buf)}); if(k==(size_t)-1&&errno!=E2BIG){ in++;n--;++*bad; mk_buf_puts(o,"\xEF\xBF\xBD");}}
 iconv_close(cd); return o->failed?mk_fail(e,MK_NOMEM,"x"):MK_OK;}
