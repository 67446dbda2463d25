package proxy //nolint:gocritic // dupImport sees the imports that cgo adds

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
import "C" //nolint:gocritic // as above

import (
	"errors"
	"net/url"
	"strings"
)

// askDesktop returns what GIO says about an address; it is thread-safe and waits as long as a PAC file takes.
func askDesktop(target *url.URL) ([]string, error) {
	text := C.ask_desktop(C.CString(target.String()))
	defer C.release(text)
	ways := C.GoString(text)
	if problem, ok := strings.CutPrefix(ways, "!"); ok {
		return nil, errors.New(problem)
	}
	return strings.Split(ways, "\n"), nil
}
