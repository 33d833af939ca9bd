package memstore_test

import (
	"testing"

	"go.uber.org/goleak"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/app/chat/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) chat.Store { return memstore.New() })
}
