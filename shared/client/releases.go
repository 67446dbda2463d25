package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/release"
	"himsg/shared/wire"
)

// This file asks for newer versions of the app. Nobody needs to be signed in for it.

// Update asks for the newest signed manifest for a ring, which is not to be believed before its signature was looked at. ok is false
// when the server hands out none.
func (h *HTTP) Update(ctx context.Context, ring string) (signed release.Signed, ok bool, err error) {
	path := "/api/update"
	if ring != "" {
		path += "?" + url.Values{"ring": {ring}}.Encode()
	}
	err = h.do(ctx, call{method: http.MethodGet, path: path, out: &signed})
	if CodeOf(err) == wire.NotFound {
		return release.Signed{}, false, nil
	}
	return signed, err == nil, err
}

// Installer fetches what a sink does not hold of an installer, and compares the checksum, as Session.Download does.
func (h *HTTP) Installer(ctx context.Context, sequence int64, file release.File, into Sink, moved func(done int64)) error {
	w := wanted{
		path: "/download/" + strconv.FormatInt(sequence, 10) + "/" + url.PathEscape(file.Name), size: file.Size, sha256: file.SHA256,
	}
	return w.fill(into, func() error { return h.fetch(ctx, w, "", into, moved) })
}
