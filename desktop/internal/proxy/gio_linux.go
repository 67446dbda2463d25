package proxy

// #cgo pkg-config: gio-2.0
// #include <gio/gio.h>
// #include <stdlib.h>
//
// // ask_desktop returns one way a line, or "!" and what went wrong. It frees address; release frees the answer.
// static char *ask_desktop(char *address) {
//   GError *problem = NULL;
//   gchar **ways = g_proxy_resolver_lookup(g_proxy_resolver_get_default(), address, NULL, &problem);
//   free(address);
//   if (ways == NULL) {
//     char *text = g_strconcat("!", problem == NULL ? "no answer" : problem->message, NULL);
//     g_clear_error(&problem);
//     return text;
//   }
//   char *text = g_strjoinv("\n", ways);
//   g_strfreev(ways);
//   return text;
// }
//
// static void release(char *text) { g_free(text); }
import "C"

// askGIO returns one way a line, or "!" and what went wrong.
func askGIO(address string) string {
	text := C.ask_desktop(C.CString(address))
	defer C.release(text)
	return C.GoString(text)
}
