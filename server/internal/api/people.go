package api

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file answers what is about other people, and who the server is.

func (a *API) serverInfo(context.Context, *empty) (*output[wire.ServerInfo], error) {
	return answer(wire.ServerInfo{
		Name: a.o.CompanyName, Version: a.o.Version, ServerTime: wire.TimeOf(a.o.Now()), Protocol: wire.Subprotocol,
		Languages: []string{langKO, langEN}, SignIn: a.o.SignIn,
	}), nil
}

func (a *API) departments(ctx context.Context, _ *empty) (*output[[]string], error) {
	names, err := a.o.Directory.DepartmentNames(ctx)
	if err != nil {
		return nil, err
	}
	return answer(names), nil
}

func (a *API) users(ctx context.Context, _ model.Actor, _ *empty) (*output[[]wire.LegacyUser], error) {
	active, err := a.o.Directory.Active(ctx)
	if err != nil {
		return nil, err
	}
	users := make([]wire.LegacyUser, len(active))
	for i, u := range active {
		users[i] = wire.LegacyUser{
			ID: u.ID, UUID: u.UUID, Name: u.Name, Username: u.Username, Position: u.Position, Department: u.Department,
			IsAdmin: u.Role.IsAdmin(),
		}
	}
	return answer(users), nil
}

type directoryInput struct {
	AfterRev int64 `query:"after_rev" minimum:"0" doc:"The revision that the caller holds"`
	Limit    int   `query:"limit" minimum:"0" maximum:"1000" doc:"Most entries of the page; 0 means 1000"`
}

func (a *API) directory(
	ctx context.Context, _ model.Actor, in *directoryInput,
) (*output[wire.DirectoryPage], error) {
	page, err := a.o.Directory.Page(ctx, in.AfterRev, in.Limit)
	if err != nil {
		return nil, err
	}
	return answer(page), nil
}
