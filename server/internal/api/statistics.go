package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func (a *API) statisticsRoutes(doc huma.API) {
	signedIn(a, doc, op("GET /api/admin/statistics", "Figures of the last days (administrators, auditors)"), a.statistics)
	signedIn(a, doc, op("GET /api/admin/health", "How the server is (administrators)"), a.health)
}

func (a *API) health(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.Health], error) {
	vitals, err := a.o.Admin.Health(ctx, actor)
	if err != nil {
		return nil, err
	}
	return answer(vitals), nil
}

type statisticsInput struct {
	Days int `query:"days" minimum:"1" maximum:"31" default:"7"`
}

func (a *API) statistics(ctx context.Context, actor model.Actor, in *statisticsInput) (*output[wire.Statistics], error) {
	stats, err := a.o.Admin.Statistics(ctx, actor, in.Days)
	if err != nil {
		return nil, err
	}
	return answer(stats), nil
}
