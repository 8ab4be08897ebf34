package conformance

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	// What the functions are built from, or Go would answer from its cache.
	_ "github.com/s3seal/s3seal/internal/object"
	_ "github.com/s3seal/s3seal/internal/rotation"
	"github.com/s3seal/s3seal/localaws"
)

// stageFunctions are the archives of the functions of the deployed stages, for
// this machine, built once.
var stageFunctions = sync.OnceValues(func() (map[string][]byte, error) {
	folder, err := os.MkdirTemp("", "functions-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	names := []string{"put", "get", "stream", "ingest", "rotate", "sweep"}
	build := []string{"build", "-tags", "lambda.norpc", "-o", folder}
	for _, name := range names {
		build = append(build, "../../lambda/"+name)
	}
	c := exec.Command("go", build...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	archives := map[string][]byte{}
	for _, name := range names {
		binary, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		if archives[strings.ToUpper(name[:1])+name[1:]+".zip"], err = archiveOf(binary); err != nil {
			return nil, err
		}
	}
	return archives, nil
})

// archiveOf is the deployment package of a function.
func archiveOf(bootstrap []byte) ([]byte, error) {
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	h := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	h.SetMode(0o755)
	w, err := z.CreateHeader(h)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(bootstrap); err != nil {
		return nil, err
	}
	err = z.Close()
	return archive.Bytes(), err
}

// stageStack is a stack of testdata/stacks as the constructs make it, but for this
// machine, with change made to it, and then texts replaced.
func stageStack(t testing.TB, name string, change func(template map[string]any), oldnew ...string) string {
	t.Helper()
	text := strings.ReplaceAll(read(t, "testdata/stacks/"+name+".json"), `"arm64"`, `"`+map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]+`"`)
	var template map[string]any
	if err := json.Unmarshal([]byte(text), &template); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(template)
	}
	changed, err := json.Marshal(template)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(oldnew...).Replace(string(changed))
}

// uploadFunctions makes the bucket of the CDK's assets, with the functions.
func uploadFunctions(t testing.TB, s *localaws.Server) {
	t.Helper()
	archives, err := stageFunctions()
	if err != nil {
		t.Fatal(err)
	}
	bucket := "cdk-hnb659fds-assets-" + source + "-" + region
	client := s3Client(t, s, source)
	newBucket(t, client, bucket)
	for key, archive := range archives {
		if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(archive)}); err != nil {
			t.Fatal(err)
		}
	}
}
