package s3

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/s3seal/s3seal/localaws/internal/s3/sealed"
)

// TestEveryReadIsExplainedByAnOrderOfWrites mixes puts, copies, multipart
// uploads, deletes, updates of the encryption and reads of a few keys by
// parallel clients.
func TestEveryReadIsExplainedByAnOrderOfWrites(t *testing.T) {
	t.Parallel()
	for _, versioned := range []bool{false, true} {
		t.Run(fmt.Sprintf("versioned %v", versioned), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bucket(home, "shared", noRule)
			if versioned {
				w.versioned(home, "shared")
			}
			keys := []string{"a", "b"}
			histories := map[string]*history{}
			for _, k := range keys {
				histories[k] = &history{}
			}
			kmsKeys := []string{w.key(home, tokyo), w.key(home, tokyo)}
			var wg sync.WaitGroup
			for i := range 6 {
				wg.Go(func() {
					m := mixer{world: w, c: w.root(home), name: fmt.Sprintf("w%d", i), histories: histories, keys: keys, kmsKeys: kmsKeys}
					for n := range 40 {
						if err := m.step(n); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

type mixer struct {
	*world
	c         *sdk.Client
	name      string
	keys      []string
	kmsKeys   []string
	histories map[string]*history
}

func (m *mixer) step(n int) error {
	ctx := context.Background()
	key := m.keys[rand.N(len(m.keys))]
	h := m.histories[key]
	id := fmt.Sprintf("%s-%d", m.name, n)
	switch rand.N(9) {
	case 0, 1:
		i := h.begin(id)
		size := []int{10, 100_000, sealed.SpillOver + 1}[rand.N(3)]
		_, err := m.c.PutObject(ctx, &sdk.PutObjectInput{Bucket: aws.String("shared"), Key: &key, Body: bytes.NewReader(value(id, size))})
		h.end(i, id)
		return err
	case 2:
		return m.upload(key, id)
	case 3:
		return m.copy(key)
	case 4:
		i := h.begin("")
		_, err := m.c.DeleteObject(ctx, &sdk.DeleteObjectInput{Bucket: aws.String("shared"), Key: &key})
		h.end(i, "")
		return err
	case 5:
		err := m.update(m.c, "shared", key, "", m.kmsKeys[rand.N(2)], rand.N(2) == 0)
		if missing(err) {
			return nil
		}
		return err
	}
	began := h.now()
	out, err := m.c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("shared"), Key: &key})
	got := ""
	if err == nil {
		body, err := io.ReadAll(out.Body)
		if err != nil {
			return err
		}
		if got, err = idOf(body); err != nil {
			return err
		}
	} else if !missing(err) {
		return err
	}
	if ended := h.now(); !h.explains(got, began, ended) {
		return fmt.Errorf("%s read %q at %d-%d, which no order of the writes explains", key, got, began, ended)
	}
	return nil
}

func (m *mixer) upload(key, id string) error {
	ctx := context.Background()
	text := value(id, minPart)
	create, err := m.c.CreateMultipartUpload(ctx, &sdk.CreateMultipartUploadInput{Bucket: aws.String("shared"), Key: &key})
	if err != nil {
		return err
	}
	var parts []types.CompletedPart
	for i, part := range [][]byte{text[:minPart], text[minPart:]} {
		n := aws.Int32(int32(i + 1))
		out, err := m.c.UploadPart(ctx, &sdk.UploadPartInput{Bucket: aws.String("shared"), Key: &key, UploadId: create.UploadId, PartNumber: n, Body: bytes.NewReader(part)})
		if err != nil {
			return err
		}
		parts = append(parts, types.CompletedPart{PartNumber: n, ETag: out.ETag})
	}
	h := m.histories[key]
	i := h.begin(id)
	_, err = m.complete(m.c, "shared", key, create.UploadId, parts)
	h.end(i, id)
	return err
}

// copy copies the other key; which value it took is read off the source's
// ETag, unless that changed meanwhile: then the write may be of any value.
func (m *mixer) copy(key string) error {
	ctx := context.Background()
	from := m.keys[rand.N(len(m.keys))]
	if from == key {
		return nil
	}
	out, err := m.c.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("shared"), Key: &from})
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return err
	}
	id, err := idOf(body)
	if err != nil {
		return err
	}
	h := m.histories[key]
	i := h.begin(id)
	_, err = m.c.CopyObject(ctx, &sdk.CopyObjectInput{
		Bucket: aws.String("shared"), Key: &key, CopySource: aws.String("shared/" + from), CopySourceIfMatch: out.ETag,
	})
	var e smithy.APIError
	if missing(err) || (errors.As(err, &e) && e.ErrorCode() == "PreconditionFailed") {
		h.forget(i) // nothing was written
		return nil
	}
	h.end(i, id)
	return err
}

// forget makes a write that failed one that never began.

func missing(err error) bool {
	var e smithy.APIError
	return errors.As(err, &e) && e.ErrorCode() == "NoSuchKey"
}

// TestCreateOnlySeesAWriteDuringItsBody: the condition held when the request
// began, and no longer when its body is in. "100 Continue" says that it began.
func TestCreateOnlySeesAWriteDuringItsBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "race", noRule)
	w.send(w.tls, "GET", "/race?location", "", nil) // makes the caller known
	conn, err := tls.Dial("tcp", strings.TrimPrefix(w.tls.URL, "https://"), &tls.Config{InsecureSkipVerify: true})
	w.ok(err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "PUT /race/k HTTP/1.1\r\nHost: x\r\nAuthorization: Credential=ROOT/20261122/%s/s3/aws4_request\r\nIf-None-Match: *\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n", tokyo)
	w.ok(err)
	r := bufio.NewReader(conn)
	line, err := r.ReadString('\n')
	w.ok(err)
	if !strings.Contains(line, "100 Continue") {
		t.Fatalf("answered %q before the body", line)
	}
	w.send(w.tls, "PUT", "/race/k", "other", nil)
	_, err = io.WriteString(conn, "mine")
	w.ok(err)
	_, err = r.ReadString('\n') // ends the 100
	w.ok(err)
	if line, err = r.ReadString('\n'); err != nil || !strings.Contains(line, "412") {
		t.Errorf("answered %q, %v, want 412", line, err)
	}
	if a := w.send(w.tls, "GET", "/race/k", "", nil); a.body != "other" {
		t.Errorf("the object is %q", a.body)
	}
}

// TestOneOfManyCreators: of parallel create-only puts one wins.
func TestOneOfManyCreators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bucket(home, "race", noRule)
	for round := range 10 {
		key := fmt.Sprint(round)
		var mu sync.Mutex
		won := 0
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				_, err := w.root(home).PutObject(context.Background(), &sdk.PutObjectInput{
					Bucket: aws.String("race"), Key: &key, Body: reader(key), IfNoneMatch: aws.String("*"),
				})
				mu.Lock()
				defer mu.Unlock()
				var e smithy.APIError
				switch {
				case err == nil:
					won++
				case !errors.As(err, &e) || e.ErrorCode() != "PreconditionFailed":
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d creators won", won)
		}
	}
}
