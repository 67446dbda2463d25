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
// // gnome_script returns the PAC file of GNOME's settings, or NULL: there is none, or no such settings.
// static char *gnome_script(void) {
//   const char *name = "org.gnome.system.proxy";
//   GSettingsSchemaSource *source = g_settings_schema_source_get_default();
//   GSettingsSchema *schema = source == NULL ? NULL : g_settings_schema_source_lookup(source, name, TRUE);
//   if (schema == NULL) return NULL;
//   gboolean known = g_settings_schema_has_key(schema, "mode") && g_settings_schema_has_key(schema, "autoconfig-url");
//   g_settings_schema_unref(schema);
//   if (!known) return NULL; // GIO would end the process
//   GSettings *settings = g_settings_new(name);
//   char *mode = g_settings_get_string(settings, "mode");
//   char *script = g_strcmp0(mode, "auto") == 0 ? g_settings_get_string(settings, "autoconfig-url") : NULL;
//   g_free(mode);
//   g_object_unref(settings);
//   return script;
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

// gnomeScript is the address of the PAC file in GNOME's settings, or "". Many desktops have those.
func gnomeScript() string {
	text := C.gnome_script()
	defer C.release(text)
	return C.GoString(text)
}
