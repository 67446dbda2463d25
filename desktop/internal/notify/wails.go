//go:build windows || darwin

package notify

import (
	"context"
	"fmt"
	goruntime "runtime"
	"strconv"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"himsg/desktop/internal/core"
)

// defaultAction is what Wails calls a click on the notification itself.
const (
	defaultAction = "DEFAULT_ACTION"
	replyAction   = "TEXT_REPLY"
	readAction    = "mark-read"
)

// center speaks to Windows' and macOS' notification centre by Wails.
type center struct {
	ctx   context.Context // for close: Wails keeps the app itself in it
	known map[string]bool // categories that are registered; only the worker's
}

// openBackend registers with the system. It asks for leave where the system wants that (macOS).
func openBackend(ctx context.Context, opts Options) (backend, error) {
	ctx = context.WithoutCancel(ctx)
	if !runtime.IsNotificationAvailable(ctx) {
		return nil, errNoClicks
	}
	if err := runtime.InitializeNotifications(ctx); err != nil {
		return nil, fmt.Errorf("initialise notifications: %w", err)
	}
	allowed, err := runtime.RequestNotificationAuthorization(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for leave to notify: %w", err)
	}
	if !allowed {
		return nil, core.ErrNotificationsRefused
	}
	runtime.OnNotificationResponse(ctx, func(result runtime.NotificationResult) {
		if result.Error == nil {
			respond(opts, result.Response)
		}
	})
	return &center{ctx: ctx, known: map[string]bool{}}, nil
}

// respond hands on what somebody did with a notification. It may be one that an earlier start of the app has shown.
func respond(opts Options, r runtime.NotificationResponse) {
	room, _ := r.UserInfo["room"].(string)
	answer := core.Answer{RoomUUID: room, NoteID: uint64(numberOf(r.UserInfo, "id")), Upto: numberOf(r.UserInfo, "upto")}
	switch r.ActionIdentifier {
	case defaultAction:
		opts.Activate(room, numberOf(r.UserInfo, "seq"))
	case replyAction:
		if answer.Text = r.UserText; answer.Text != "" {
			opts.Answer(answer)
		}
	case readAction:
		opts.Answer(answer)
	}
}

func (c *center) show(ctx context.Context, n core.Notification) error {
	id := n.RoomUUID // the same id replaces the one before
	if id == "" {
		id = strconv.FormatUint(n.ID, 10)
	}
	options := runtime.NotificationOptions{
		ID: id, Title: n.Title, Body: n.Body,
		Data: map[string]any{
			"room": n.RoomUUID, "seq": strconv.FormatInt(n.Seq, 10), "upto": strconv.FormatInt(n.Upto, 10),
			"id": strconv.FormatUint(n.ID, 10),
		},
	}
	send := runtime.SendNotification
	if n.Actions != nil {
		category, err := c.category(ctx, *n.Actions)
		if err != nil {
			return err
		}
		options.CategoryID, send = category, runtime.SendNotificationWithActions
	}
	if err := send(ctx, options); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// category registers the buttons of a notification, once for each language and kind.
func (c *center) category(ctx context.Context, a core.NoteActions) (string, error) {
	id := "himsg-" + a.MarkRead + "-" + a.Reply
	if c.known[id] {
		return id, nil
	}
	err := runtime.RegisterNotificationCategory(ctx, runtime.NotificationCategory{
		ID: id, Actions: []runtime.NotificationAction{{ID: readAction, Title: a.MarkRead}},
		HasReplyField: a.Reply != "", ReplyPlaceholder: a.ReplyHint, ReplyButtonTitle: a.Send,
	})
	if err != nil {
		return "", fmt.Errorf("register buttons: %w", err)
	}
	c.known[id] = true
	return id, nil
}

func (c *center) state() core.NotifierState {
	return core.NotifierState{Service: goruntime.GOOS, Clicks: true, Replies: true}
}

func (c *center) withdraw(ctx context.Context, roomUUID string) error {
	if err := runtime.RemoveDeliveredNotification(ctx, roomUUID); err != nil {
		return fmt.Errorf("remove notification: %w", err)
	}
	return nil
}

func (c *center) close() { runtime.CleanupNotifications(c.ctx) }

// numberOf reads what show put into Data.
func numberOf(data map[string]any, name string) int64 {
	text, _ := data[name].(string)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
