package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

func TestSearchPagesByMessageID(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		ctx, room := context.Background(), storetest.Group(t, c.db, c.people...)
		for i := range 25 {
			ok(c.Send(ctx, c.people[0], wire.SendRequest{
				RoomUUID: room.UUID, ClientID: uuid.NewString(), Text: fmt.Sprintf("분기 보고서 %02d", i),
			}))(t)
		}
		ok(c.db.CatchUp(ctx))(t)
		req := wire.SearchRequest{Query: "  보고서  "}
		first := ok(c.Search(ctx, c.people[1], req))(t)
		if len(first.Messages) != 20 || first.Messages[0].Text != "분기 보고서 24" || first.Next != first.Messages[19].MessageID {
			t.Errorf("first page: %d, next %d", len(first.Messages), first.Next)
		}
		req.Before = first.Next
		last := ok(c.Search(ctx, c.people[1], req))(t)
		if len(last.Messages) != 5 || last.Messages[4].Text != "분기 보고서 00" || last.Next != 0 {
			t.Errorf("last page: %d, next %d", len(last.Messages), last.Next)
		}
		req.Query, req.Before = "없는말", 0
		if none := ok(c.Search(ctx, c.people[1], req))(t); none.Messages == nil || len(none.Messages) != 0 || none.Next != 0 {
			t.Errorf("nothing found: %+v", none)
		}
	})
}

func TestSearchRefusals(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		now := wire.TimeOf(time.Unix(1, 0))
		for name, r := range map[string]struct {
			req    wire.SearchRequest
			code   wire.Code
			reason wire.Reason
		}{
			"nothing":              {wire.SearchRequest{}, wire.BadRequest, wire.ReasonQueryTooShort},
			"one letter":           {wire.SearchRequest{Query: " 가 "}, wire.BadRequest, wire.ReasonQueryTooShort},
			"only a file":          {wire.SearchRequest{HasFile: true}, "", ""},
			"a letter and a file":  {wire.SearchRequest{Query: "가", HasFile: true}, wire.BadRequest, wire.ReasonQueryTooShort},
			"too long":             {wire.SearchRequest{Query: strings.Repeat("가", 201)}, wire.BadRequest, wire.ReasonQueryTooLong},
			"limit":                {wire.SearchRequest{Query: "회의", Limit: wire.MaxSearchLimit + 1}, wire.BadRequest, ""},
			"limit below":          {wire.SearchRequest{Query: "회의", Limit: -1}, wire.BadRequest, ""},
			"before":               {wire.SearchRequest{Query: "회의", Before: -1}, wire.BadRequest, ""},
			"room no UUID":         {wire.SearchRequest{Query: "회의", RoomUUID: "x"}, wire.BadRequest, ""},
			"sender no UUID":       {wire.SearchRequest{Query: "회의", SenderUUID: "x"}, wire.BadRequest, ""},
			"room of nobody":       {wire.SearchRequest{Query: "회의", RoomUUID: uuid.NewString()}, wire.NotFound, ""},
			"sender of nobody":     {wire.SearchRequest{Query: "회의", SenderUUID: uuid.NewString()}, "", ""},
			"all that may be said": {wire.SearchRequest{Query: "회의", From: &now, To: &now, HasFile: true, Limit: 1}, "", ""},
		} {
			_, err := c.Search(context.Background(), c.people[0], r.req)
			var refusal *errs.Error
			switch {
			case r.code == "" && err == nil:
			case !errors.As(err, &refusal) || refusal.Code != r.code || refusal.Reason != r.reason:
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
