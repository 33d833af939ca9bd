package doctor

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
)

// classify tells what the error of trying to reach something means. What
// fails at once for another reason did so on this machine: there is no way.
func classify(err error) Result {
	is := func(target error) bool { return errors.Is(err, target) }
	var network net.Error
	switch {
	case err == nil:
		return Works
	case slices.ContainsFunc(errnosRefused, is):
		return Refused
	case slices.ContainsFunc(errnosNoRoute, is):
		return NoRoute
	case is(os.ErrPermission), slices.ContainsFunc(errnosDenied, is):
		return Denied
	case is(ErrSilent), is(context.DeadlineExceeded), is(context.Canceled),
		errors.As(err, &network) && network.Timeout():
		return Silent
	}
	return NoRoute
}
