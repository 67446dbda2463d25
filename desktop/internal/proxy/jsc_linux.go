package proxy

// #cgo pkg-config: javascriptcoregtk-4.1
// #include <arpa/inet.h>
// #include <jsc/jsc.h>
// #include <netdb.h>
// #include <stdlib.h>
// #include <string.h>
// #include <sys/socket.h>
//
// // resolve_name returns an IPv4 address, or "".
// static char *resolve_name(const char *name) {
//   struct addrinfo want = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found = NULL;
//   char text[INET_ADDRSTRLEN] = "";
//   if (name != NULL && getaddrinfo(name, NULL, &want, &found) == 0) {
//     inet_ntop(AF_INET, &((struct sockaddr_in *)found->ai_addr)->sin_addr, text, sizeof text);
//     freeaddrinfo(found);
//   }
//   return g_strdup(text);
// }
//
// // problem says what a script threw, or NULL.
// static char *problem(JSCContext *context) {
//   JSCException *thrown = jsc_context_get_exception(context);
//   if (thrown == NULL) return NULL;
//   return g_strdup_printf("!line %u: %.200s", jsc_exception_get_line_number(thrown), jsc_exception_get_message(thrown));
// }
//
// // ask_script returns what FindProxyForURL says, or "!" and what went wrong.
// static char *ask_script(const char *helpers, const char *script, gssize length, const char *url, const char *host, const char *own) {
//   JSCContext *context = jsc_context_new();
//   jsc_context_set_value(context, "resolveName", jsc_value_new_function(
//     context, "resolveName", G_CALLBACK(resolve_name), NULL, NULL, G_TYPE_STRING, 1, G_TYPE_STRING));
//   jsc_context_set_value(context, "ownAddress", jsc_value_new_string(context, own));
//   JSCValue *nothing = jsc_context_evaluate(context, helpers, -1);
//   char *failed = problem(context);
//   if (failed == NULL) {
//     nothing = jsc_context_evaluate(context, script, length);
//     failed = problem(context);
//   }
//   (void)nothing;
//   if (failed != NULL) return failed;
//   JSCValue *find = jsc_context_evaluate(context, "typeof FindProxyForURL === 'function' ? FindProxyForURL : null", -1);
//   if (!jsc_value_is_function(find)) return g_strdup("!there is no FindProxyForURL");
//   JSCValue *said = jsc_value_function_call(find, G_TYPE_STRING, url, G_TYPE_STRING, host, G_TYPE_NONE);
//   failed = problem(context);
//   if (failed != NULL) return failed;
//   if (jsc_value_is_null(said) || jsc_value_is_undefined(said)) return g_strdup("");
//   if (!jsc_value_is_string(said)) return g_strdup("!FindProxyForURL returns no text");
//   return jsc_value_to_string(said);
// }
import "C"

// askScript returns what a PAC file says, or "!" and what went wrong. It takes as long as the file likes and as much memory,
// and frees nothing: it is for a process that ends thereafter.
func askScript(q question) string {
	return C.GoString(C.ask_script(
		C.CString(helpers), C.CString(q.Script), C.gssize(len(q.Script)), C.CString(q.URL), C.CString(q.Host), C.CString(q.Own)))
}
