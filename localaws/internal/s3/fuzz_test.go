package s3

import (
	"errors"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3/configuration"
	"github.com/s3seal/s3seal/localaws/internal/s3/document"
)

// FuzzDocuments: any document is read or refused with an *api.Error.
func FuzzDocuments(f *testing.F) {
	f.Add([]byte(`<ReplicationConfiguration><Role>r</Role><Rule><Filter><And><Tag><Key>a</Key></Tag></And></Filter><Priority>1</Priority></Rule></ReplicationConfiguration>`))
	f.Add([]byte(`<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`))
	f.Add([]byte(`<ServerSideEncryptionConfiguration><Rule><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var c configuration.Replication
		var e configuration.Encryption
		for _, err := range []error{
			document.Decode(text, "ReplicationConfiguration", &c), document.Decode(text, "Tagging", &configuration.Tagging{}),
			document.Decode(text, "ServerSideEncryptionConfiguration", &e), document.Decode(text, "LifecycleConfiguration", &configuration.Lifecycle{}),
			document.Decode(text, "Delete", &deleteRequest{}), document.Decode(text, "InventoryConfiguration", &configuration.Inventory{}),
		} {
			var refusal *api.Error
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("%T %v", err, err)
			}
		}
		if c.Role != "" {
			_ = c.Check()
		}
		if _, err := e.Rule(); err == nil && len(e.Rules) != 1 {
			t.Error("accepted a configuration of several rules")
		}
	})
}
