package s3

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// FuzzChunks: any body is decoded or refused, and what is decoded is no longer
// than what came.
func FuzzChunks(f *testing.F) {
	f.Add([]byte("9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"), false)
	f.Add([]byte("0;chunk-signature=00\r\n\r\n"), true)
	f.Add([]byte("ffffffffffffffff\r\nx"), false)
	f.Fuzz(func(t *testing.T, wire []byte, signed bool) {
		sig := api.Signature{Payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
		if signed {
			sig.Payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
		}
		got, err := io.ReadAll(newChunkReader(bytes.NewReader(wire), sig))
		if len(got) > len(wire) {
			t.Errorf("%d bytes out of %d", len(got), len(wire))
		}
		if signed && err == nil {
			t.Error("accepted without a right signature")
		}
	})
}

// FuzzDocuments: any document is read or refused with an *api.Error.
func FuzzDocuments(f *testing.F) {
	f.Add([]byte(`<ReplicationConfiguration><Role>r</Role><Rule><Filter><And><Tag><Key>a</Key></Tag></And></Filter><Priority>1</Priority></Rule></ReplicationConfiguration>`))
	f.Add([]byte(`<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`))
	f.Add([]byte(`<ServerSideEncryptionConfiguration><Rule><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var c replicationConfiguration
		var e encryptionConfiguration
		for _, err := range []error{
			parseXML(text, "ReplicationConfiguration", &c), parseXML(text, "Tagging", &tagging{}),
			parseXML(text, "ServerSideEncryptionConfiguration", &e), parseXML(text, "LifecycleConfiguration", &lifecycleConfiguration{}),
			parseXML(text, "Delete", &deleteRequest{}), parseXML(text, "InventoryConfiguration", &inventoryConfiguration{}),
		} {
			var refusal *api.Error
			if err != nil && !errors.As(err, &refusal) {
				t.Errorf("%T %v", err, err)
			}
		}
		if c.Role != "" {
			_ = c.check()
		}
		if _, err := e.rule(); err == nil && len(e.Rules) != 1 {
			t.Error("accepted a configuration of several rules")
		}
	})
}
