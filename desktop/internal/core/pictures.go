package core

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// maxCachedPicture bounds a picture that the server hands out: it keeps small ones.
const maxCachedPicture = 1 << 20

// pictureTypes are what the page may show. The content decides, not what the server says of it.
var pictureTypes = []string{"image/png", "image/jpeg"}

// Picture is a picture of a room or a person as the page shows it.
type Picture struct {
	Type    string // its MIME type, one of a few kinds of image
	Content []byte
}

// Picture finds the picture of a room or a person for the shell, which serves it to the page: in the store, or on the server.
// It returns wire.NotFound for every name that no room of the user's and nobody in the directory has now, and while the
// app is locked.
func (c *Core) Picture(ctx context.Context, pictureUUID string) (Picture, error) {
	unknown := refuse(wire.NotFound, "", "no such picture")
	s, err := c.signedIn()
	if err != nil || checkID(pictureUUID) != nil {
		return Picture{}, unknown
	}
	call, cancel := s.call()
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()        // the page does not want it any more
	known, err := s.hasPicture(call, pictureUUID) //nolint:contextcheck // it ends with ctx, see above
	if err != nil {
		return Picture{}, fail(s.storeFailed(err))
	}
	if !known && pictureUUID != c.myPicture() { // which may be newer than the directory held here
		return Picture{}, unknown
	}
	p, err := s.picture(call, pictureUUID) //nolint:contextcheck // as above
	return Picture(p), fail(err)
}

// myPicture is the picture_uuid of the signed-in person.
func (c *Core) myPicture() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.account == nil {
		return ""
	}
	return c.account.Profile.Picture
}

// hasPicture reports whether a person, or a room of the user's, has this picture.
func (s *session) hasPicture(ctx context.Context, pictureUUID string) (bool, error) {
	known, err := s.store.HasPhoto(ctx, pictureUUID)
	if known || err != nil {
		return known, err
	}
	rooms, err := s.store.Rooms(ctx)
	return slices.ContainsFunc(rooms, func(r store.Room) bool { return r.Picture == pictureUUID }), err
}

// picture takes one from the cache, or fills it.
func (s *session) picture(ctx context.Context, pictureUUID string) (store.Picture, error) {
	held, err := s.store.Picture(ctx, pictureUUID)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return held, s.storeFailed(err)
	}
	defer s.fetching.enter(pictureUUID)()
	if held, err = s.store.Picture(ctx, pictureUUID); err == nil {
		return held, nil // somebody else fetched it meanwhile
	}
	content, _, err := s.auth.Picture(ctx, pictureUUID)
	if err != nil {
		return store.Picture{}, err
	}
	p := store.Picture{Type: http.DetectContentType(content), Content: content}
	if len(content) > maxCachedPicture || !slices.Contains(pictureTypes, p.Type) {
		return store.Picture{}, refuse(wire.UnsupportedType, wire.ReasonBadImage, "not a picture")
	}
	return p, s.storeFailed(s.store.SavePicture(ctx, pictureUUID, p, s.cacheLimit()))
}
