// Package picture makes small square pictures of foreign images: a room's. It trusts nothing: the content decides what an
// image is, its size in pixels is looked at before it is decoded, few are decoded at a time, and what comes out is encoded
// anew, so that nothing but pixels of the original is left (no place where a photograph was taken, no other format within).
//
// app gives a Painter to package chat, which asks for it in its ports. Start with painter.go.
package picture
