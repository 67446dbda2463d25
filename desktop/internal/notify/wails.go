//go:build windows || darwin

package notify

import (
	"context"
	"fmt"
	goruntime "runtime"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"himsg/desktop/internal/core"
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
			respond(opts, response{result.Response.ActionIdentifier, result.Response.UserInfo, result.Response.UserText})
		}
	})
	return &center{ctx: ctx, known: map[string]bool{}}, nil
}

func (c *center) show(ctx context.Context, n core.Notification) error {
	options := runtime.NotificationOptions{ID: nameOf(n), Title: n.Title, Body: n.Body, Data: dataOf(n)}
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
