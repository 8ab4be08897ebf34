package conformance

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

var (
	stressFor        = flag.Duration("stress.for", 2*time.Second, "how long TestStress goes on at most")
	stressOperations = flag.Int("stress.operations", 200, "how many operations each client of TestStress does at most; 0: no bound")
)

const (
	stressClients = 32
	stressBucket  = "stress"
	partSize      = 5 << 20 // the least for a part that isn't the last
)

// TestStress has parallel clients put, copy, upload in parts, delete and get
// few keys, and asks for every get which order of the writes explains it.
func TestStress(t *testing.T) {
	t.Parallel()
	for _, versioned := range []bool{false, true} {
		t.Run(fmt.Sprintf("versioned %v", versioned), func(t *testing.T) {
			t.Parallel()
			s := start(t)
			m := &mix{histories: map[string]*history{}, counts: map[string]int{}, stop: time.Now().Add(*stressFor)}
			m.client = s3Client(t, s, source)
			newBucket(t, m.client, stressBucket)
			if versioned {
				_, err := m.client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String(stressBucket),
					VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
				if err != nil {
					t.Fatal(err)
				}
			}
			for i := range 8 {
				m.histories[fmt.Sprintf("key-%d", i)] = newHistory()
			}
			var clients sync.WaitGroup
			for i := range stressClients {
				clients.Go(func() {
					if err := m.run(t.Context(), i); err != nil {
						t.Error(err)
					}
				})
			}
			clients.Wait()
			m.listed(t)
			t.Logf("%v", m.counts)
			for _, kind := range []string{"put", "get", "copy", "delete", "upload"} {
				if m.counts[kind] == 0 {
					t.Errorf("no %s happened", kind)
				}
			}
		})
	}
}

func newBucket(t testing.TB, c *s3.Client, name string) {
	t.Helper()
	_, err := c.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: region},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mix is the clients' common state.
type mix struct {
	client    *s3.Client
	stop      time.Time
	histories map[string]*history // by key

	mu     sync.Mutex
	counts map[string]int // of operations, by kind
}

// run is one client: it ends with the count, the time, or its first error.
func (m *mix) run(ctx context.Context, id int) error {
	for n := 0; n == 0 || (n < *stressOperations || *stressOperations == 0) && time.Now().Before(m.stop); n++ {
		key, from := fmt.Sprintf("key-%d", rand.N(len(m.histories))), fmt.Sprintf("key-%d", rand.N(len(m.histories)))
		value := fmt.Sprintf("c%d-%d", id, n)
		kind, err := "", error(nil)
		r := rand.N(100)
		if n == 0 {
			r = []int{48, 0, 30, 40, 49}[min(id, 1+id%4)] // every kind happens, however slow the machine is
		}
		switch {
		case r < 30:
			kind, err = "put", m.put(ctx, key, value, []int{0, 10, 3000, 200_000}[rand.N(4)])
		case r < 40:
			kind, err = "copy", m.copy(ctx, key, from)
		case r < 48:
			kind, err = "delete", m.delete(ctx, key)
		case r < 49: // few: their bytes would be all that is measured
			kind, err = "upload", m.upload(ctx, key, value)
		default:
			kind, err = "get", m.get(ctx, key)
		}
		if err != nil {
			return fmt.Errorf("%s: %s of %s: %w", value, kind, key, err)
		}
		m.mu.Lock()
		m.counts[kind]++
		m.mu.Unlock()
	}
	return nil
}

func (m *mix) put(ctx context.Context, key, value string, size int) error {
	w := m.histories[key].begin(value)
	_, err := m.client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(stressBucket), Key: &key, Body: bytes.NewReader(body(value, size))})
	w.end()
	return err
}

func (m *mix) delete(ctx context.Context, key string) error {
	w := m.histories[key].begin("")
	_, err := m.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(stressBucket), Key: &key})
	w.end()
	return err
}

// copy copies what it has read before, and only that: with If-Match, what is
// written is known.
func (m *mix) copy(ctx context.Context, key, from string) error {
	value, etag, err := m.read(ctx, from)
	if err != nil || value == "" {
		return err
	}
	w := m.histories[key].begin(value)
	_, err = m.client.CopyObject(ctx, &s3.CopyObjectInput{
		Bucket: aws.String(stressBucket), Key: &key, CopySource: aws.String(stressBucket + "/" + from),
		CopySourceIfMatch: &etag, MetadataDirective: types.MetadataDirectiveReplace,
	})
	if c := code(err); c == "PreconditionFailed" || c == "NoSuchKey" {
		w.cancel()
		return nil
	}
	w.end()
	return err
}

func (m *mix) upload(ctx context.Context, key, value string) error {
	content := body(value, partSize+10)
	upload, err := m.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: aws.String(stressBucket), Key: &key})
	if err != nil {
		return err
	}
	var parts []types.CompletedPart
	for i, part := range [][]byte{content[:partSize], content[partSize:]} {
		number := aws.Int32(int32(i) + 1)
		out, err := m.client.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: aws.String(stressBucket), Key: &key, UploadId: upload.UploadId, PartNumber: number, Body: bytes.NewReader(part),
		})
		if err != nil {
			return err
		}
		parts = append(parts, types.CompletedPart{PartNumber: number, ETag: out.ETag})
	}
	w := m.histories[key].begin(value)
	_, err = m.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: aws.String(stressBucket), Key: &key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	w.end()
	return err
}

func (m *mix) get(ctx context.Context, key string) error {
	_, _, err := m.read(ctx, key)
	return err
}

// read reads a key whole and checks the value with its history; "" is no
// object.
func (m *mix) read(ctx context.Context, key string) (value, etag string, err error) {
	h := m.histories[key]
	began := h.tick()
	out, err := m.client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(stressBucket), Key: &key})
	if code(err) == "NoSuchKey" {
		return "", "", h.explain("", began, h.tick())
	}
	if err != nil {
		return "", "", err
	}
	defer out.Body.Close()
	content, err := io.ReadAll(out.Body)
	if err != nil {
		return "", "", err
	}
	if value, err = valueOf(content); err != nil {
		return "", "", err
	}
	return value, *out.ETag, h.explain(value, began, h.tick())
}

// listed compares the listing with what is there, when nobody writes any more.
func (m *mix) listed(t *testing.T) {
	t.Helper()
	list, err := m.client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(stressBucket)})
	if err != nil {
		t.Fatal(err)
	}
	size := map[string]int64{}
	for _, o := range list.Contents {
		size[*o.Key] = *o.Size
	}
	for key := range m.histories {
		out, err := m.client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(stressBucket), Key: &key})
		listed, ok := size[key]
		if (err == nil) != ok {
			t.Errorf("%s: listed %v, get: %v", key, ok, err)
		}
		if err == nil && *out.ContentLength != listed {
			t.Errorf("%s: listed with %d bytes, has %d", key, listed, *out.ContentLength)
		}
		if err == nil {
			_ = out.Body.Close()
		}
	}
	uploads, err := m.client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(stressBucket)})
	if err != nil {
		t.Fatal(err)
	}
	if len(uploads.Uploads) != 0 {
		t.Errorf("%d uploads are left", len(uploads.Uploads))
	}
}

// code is the error code of an answer; "" of none.
func code(err error) string {
	var e smithy.APIError
	if errors.As(err, &e) {
		return strings.TrimPrefix(e.ErrorCode(), "api error ")
	}
	return ""
}
