package api

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// pageLimit is how many messages a page has that asked for limit.
func pageLimit(limit int) int {
	if limit == 0 {
		return wire.MaxHistoryLimit
	}
	return limit
}

// page is an answer with a page of a conversation.
type page[T any] struct {
	HasMore string `header:"X-Has-More" doc:"true when there are older messages"`
	Body    T
}

type directMessagesInput struct {
	OtherUUID string `path:"other_uuid"`
	BeforeSeq int64  `query:"before_seq" minimum:"0" doc:"Messages before this seq; 0 means the newest"`
	Limit     int    `query:"limit" minimum:"0" maximum:"100" doc:"Most messages of the page; 0 means 100"`
}

func (a *API) directMessages(
	ctx context.Context, actor model.Actor, in *directMessagesInput,
) (*page[[]wire.LegacyMessage], error) {
	history, other, err := a.o.Chat.DirectHistory(ctx, actor, in.OtherUUID, in.BeforeSeq, pageLimit(in.Limit))
	if err != nil {
		return nil, err
	}
	lang := recordOf(ctx).lang
	out := make([]wire.LegacyMessage, len(history.Messages))
	for i, m := range history.Messages {
		l := legacyMessage(m, lang)
		l.Sender, l.Receiver = m.SenderUUID, other.UUID
		if m.SenderUUID == other.UUID {
			l.Receiver = actor.UserUUID
		}
		l.ReceiverUUID = l.Receiver
		out[i] = l
	}
	return &page[[]wire.LegacyMessage]{HasMore: strconv.FormatBool(history.HasMore), Body: out}, nil
}

var receiverMissing = errs.Text{
	KO: "room_uuid 또는 receiver_uuid가 필요합니다.", EN: "room_uuid or receiver_uuid is needed.",
}

// receiverUnknown is a 400, as in the original.
var receiverUnknown = errs.E(wire.BadRequest, "", errs.Text{
	KO: "받는 사람을 찾을 수 없습니다.", EN: "There is no such receiver.",
})

func (a *API) postMessage(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.PostMessageRequest },
) (*output[wire.PostMessageReply], error) {
	cmd := wire.SendRequest{
		RoomUUID: in.Body.RoomUUID, ReceiverUUID: in.Body.ReceiverUUID, ClientID: in.Body.ClientID, Text: in.Body.Text,
	}
	switch {
	case cmd.RoomUUID != "":
		cmd.ReceiverUUID = "" // the room wins, as in the original
	case cmd.ReceiverUUID == "":
		return nil, errs.E(wire.BadRequest, "", receiverMissing)
	}
	if cmd.ClientID == "" {
		cmd.ClientID = uuid.NewString()
	}
	sent, err := a.o.Chat.Send(ctx, actor, cmd)
	if err != nil && cmd.RoomUUID == "" {
		return nil, notFoundAs(err, receiverUnknown)
	}
	if err != nil {
		return nil, err
	}
	return answer(wire.PostMessageReply{
		Message:   errs.Text{KO: "전송 완료", EN: "Sent"}.In(recordOf(ctx).lang),
		MessageID: sent.MessageID, Timestamp: sent.Timestamp, RoomUUID: sent.RoomUUID, Seq: sent.Seq,
		Duplicate: sent.Duplicate,
	}), nil
}

type messageInput struct {
	MessageID int64 `path:"message_id" minimum:"1"`
}

var deleteRefusals = map[wire.Code]errs.Text{
	wire.NotFound: {KO: "메시지를 찾을 수 없습니다.", EN: "There is no such message."},
	wire.Forbidden: {
		KO: "본인이 보낸 메시지만 삭제할 수 있습니다.", EN: "You can only delete messages that you sent yourself.",
	},
}

func (a *API) deleteMessage(
	ctx context.Context, actor model.Actor, in *messageInput,
) (*output[wire.MessageReply], error) {
	if _, err := a.o.Chat.Delete(ctx, actor, in.MessageID); err != nil {
		return nil, reword(err, deleteRefusals)
	}
	return said(ctx, "메시지가 삭제되었습니다.", "The message was deleted."), nil
}
