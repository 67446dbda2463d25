package shell //nolint:gocritic // dupImport sees the imports that cgo adds

// #cgo pkg-config: gtk+-3.0
// #include <gtk/gtk.h>
// #include <stdlib.h>
//
// static gboolean copy_image_now(gpointer data) {
//   GInputStream *stream = g_memory_input_stream_new_from_bytes(data);
//   GdkPixbuf *picture = gdk_pixbuf_new_from_stream(stream, NULL, NULL);
//   if (picture != NULL) {
//     GtkClipboard *clipboard = gtk_clipboard_get(GDK_SELECTION_CLIPBOARD);
//     gtk_clipboard_set_image(clipboard, picture);
//     gtk_clipboard_store(clipboard);
//     g_object_unref(picture);
//   }
//   g_object_unref(stream);
//   g_bytes_unref(data);
//   return G_SOURCE_REMOVE;
// }
//
// static void copy_image_soon(void *content, gsize size) {
//   g_idle_add(copy_image_now, g_bytes_new_with_free_func(content, size, free, content));
// }
import "C" //nolint:gocritic // as above

// CopyImage implements core.Desktop. GTK is the window's own; its loop does it when it comes to it, and frees the copy.
func (s *Shell) CopyImage(png []byte) error {
	C.copy_image_soon(C.CBytes(png), C.gsize(len(png)))
	return nil
}
