package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	retentionPath = "/api/admin/retention"
	holdsPath     = "/api/admin/holds"
)

// retentionRoutes are those of how long what people wrote is kept, and of what is held back from that.
func (a *API) retentionRoutes(doc huma.API) {
	signedIn(a, doc, op("GET "+retentionPath, "Rules and last runs of retention (administrators, auditors)"), a.retention)
	signedIn(a, doc, op("PUT "+retentionPath, "Change the rules of retention (administrators)"), a.setRetention)
	signedIn(a, doc, op("POST "+retentionPath+"/preview", "What rules would delete now (administrators, auditors)"), a.previewRetention)
	signedIn(a, doc, op("POST "+retentionPath+"/runs", "Begin to delete what is older than it is kept (administrators)").gives(202), a.startRetention)
	signedIn(a, doc, op("POST "+retentionPath+"/runs/{run_uuid}/cancel", "End a run of retention (administrators)"), a.cancelRetention)
	signedIn(a, doc, op("GET "+holdsPath, "Legal holds (administrators, auditors)"), a.holds)
	signedIn(a, doc, op("POST "+holdsPath, "Hold what is of a person or a room (administrators, auditors)").created(), a.placeHold)
	signedIn(a, doc, op("POST "+holdsPath+"/{hold_uuid}/end", "End a legal hold (owners, auditors)"), a.endHold)
}

func (a *API) retention(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.Retention], error) {
	now, err := a.o.Retention.Retention(ctx, actor)
	if err != nil {
		return nil, err
	}
	return answer(now), nil
}

func (a *API) setRetention(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.RetentionPolicy },
) (*output[wire.RetentionPolicy], error) {
	stored, err := a.o.Retention.SetPolicy(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(stored), nil
}

func (a *API) previewRetention(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.RetentionPolicy },
) (*output[wire.RetentionPreview], error) {
	counts, err := a.o.Retention.Preview(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(counts), nil
}

func (a *API) startRetention(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.StartRetention },
) (*output[wire.MessageReply], error) {
	if err := a.o.Retention.Start(ctx, actor, in.Body); err != nil {
		return nil, err
	}
	return said(ctx, "삭제 작업을 시작했습니다.", "The run was begun."), nil
}

type runInput struct {
	RunUUID string `path:"run_uuid" maxLength:"64"`
}

func (a *API) cancelRetention(ctx context.Context, actor model.Actor, in *runInput) (*output[wire.MessageReply], error) {
	if err := a.o.Retention.Cancel(ctx, actor, in.RunUUID); err != nil {
		return nil, err
	}
	return said(ctx, "삭제 작업을 중단했습니다.", "The run was cancelled."), nil
}

// beforeInput names a page of a list.
type beforeInput struct {
	Before int64 `query:"before" minimum:"0" doc:"next of the page before"`
}

func (a *API) holds(ctx context.Context, actor model.Actor, in *beforeInput) (*output[wire.HoldList], error) {
	list, err := a.o.Retention.HoldList(ctx, actor, in.Before)
	if err != nil {
		return nil, err
	}
	return answer(list), nil
}

func (a *API) placeHold(ctx context.Context, actor model.Actor, in *struct{ Body wire.NewHold }) (*output[wire.Hold], error) {
	h, err := a.o.Retention.Hold(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(h), nil
}

type endHoldInput struct {
	HoldUUID string `path:"hold_uuid" maxLength:"64"`
	Body     wire.ReasonRequest
}

func (a *API) endHold(ctx context.Context, actor model.Actor, in *endHoldInput) (*output[wire.Hold], error) {
	h, err := a.o.Retention.EndHold(ctx, actor, in.HoldUUID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return answer(h), nil
}
