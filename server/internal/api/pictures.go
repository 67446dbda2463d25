package api

import (
	"context"
	"net/http"
	"strings"

	"himsg/server/internal/chat"
	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

type pictureInput struct {
	RoomUUID string `path:"room_uuid"`
	RawBody  []byte `contentType:"image/*" doc:"A png, jpeg or gif; its content decides, whatever it is called"`
}

func (a *API) setPicture(
	ctx context.Context, actor model.Actor, in *pictureInput,
) (*output[wire.PictureReply], error) {
	uuid, err := a.o.Chat.SetPicture(ctx, actor, in.RoomUUID, in.RawBody)
	if err != nil {
		return nil, err
	}
	return answer(wire.PictureReply{PictureUUID: uuid}), nil
}

func (a *API) removePicture(ctx context.Context, actor model.Actor, in *roomInput) (*output[wire.MessageReply], error) {
	if err := a.o.Chat.RemovePicture(ctx, actor, in.RoomUUID); err != nil {
		return nil, err
	}
	return said(ctx, "사진을 삭제했습니다.", "The picture was removed."), nil
}

type getPictureInput struct {
	PictureUUID string `path:"picture_uuid"`
	IfNoneMatch string `header:"If-None-Match"`
}

// pictureOutput is a picture that the server encoded itself. What a UUID names never changes, so a device may keep it; the
// sandbox is for who opens it in a browser.
type pictureOutput struct {
	Status        int
	ContentType   string `header:"Content-Type"`
	CacheControl  string `header:"Cache-Control"`
	ETag          string `header:"ETag"`
	ContentPolicy string `header:"Content-Security-Policy"`
	Disposition   string `header:"Content-Disposition"`
	Body          []byte
}

func (a *API) picture(ctx context.Context, actor model.Actor, in *getPictureInput) (*pictureOutput, error) {
	p, err := a.o.Chat.Picture(ctx, actor, in.PictureUUID)
	if errs.Is(err, wire.NotFound) {
		var photo directory.Picture
		photo, err = a.o.Directory.Picture(ctx, in.PictureUUID)
		p = chat.Picture(photo)
	}
	if err != nil {
		return nil, err
	}
	out := &pictureOutput{
		Status: http.StatusOK, ContentType: p.Type, CacheControl: "private, max-age=31536000, immutable",
		ETag: `"` + p.UUID + `"`, ContentPolicy: "sandbox; default-src 'none'; frame-ancestors 'none'",
		Disposition: "inline", Body: p.Data,
	}
	if strings.Contains(in.IfNoneMatch, out.ETag) {
		out.Status, out.Body = http.StatusNotModified, nil
	}
	return out, nil
}
