//go:build windows || darwin

package notify

import (
	"context"
	"fmt"
	"strconv"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"himsg/desktop/internal/core"
)

// defaultAction is what Wails calls a click on the notification itself.
const defaultAction = "DEFAULT_ACTION"

// center speaks to Windows' and macOS' notification centre by Wails.
type center struct {
	ctx context.Context // for close: Wails keeps the app itself in it
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
		return nil, errNoClicks
	}
	runtime.OnNotificationResponse(ctx, func(result runtime.NotificationResult) {
		if result.Error != nil || result.Response.ActionIdentifier != defaultAction {
			return
		}
		room, seq := targetOf(result.Response.UserInfo)
		opts.Activate(room, seq)
	})
	return &center{ctx: ctx}, nil
}

func (c *center) show(ctx context.Context, n core.Notification) error {
	id := n.RoomUUID // the same id replaces the one before
	if id == "" {
		id = strconv.FormatUint(n.ID, 10)
	}
	err := runtime.SendNotification(ctx, runtime.NotificationOptions{
		ID: id, Title: n.Title, Body: n.Body,
		Data: map[string]any{"room": n.RoomUUID, "seq": strconv.FormatInt(n.Seq, 10)},
	})
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

func (c *center) withdraw(ctx context.Context, roomUUID string) error {
	if err := runtime.RemoveDeliveredNotification(ctx, roomUUID); err != nil {
		return fmt.Errorf("remove notification: %w", err)
	}
	return nil
}

func (c *center) close() { runtime.CleanupNotifications(c.ctx) }

// targetOf reads what show put into Data.
func targetOf(data map[string]any) (room string, seq int64) {
	room, _ = data["room"].(string)
	text, _ := data["seq"].(string)
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return room, 0
	}
	return room, seq
}
