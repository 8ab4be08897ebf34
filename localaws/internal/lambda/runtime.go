package lambda

import (
	"archive/zip"
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// osOnly is the runtime whose functions run here. Those of the others are made,
// so that what belongs to them can be: their roles, permissions and logs. They
// can't be invoked.
const osOnly = "provided.al2023"

// runtimes are those that Lambda makes functions of.
//
// Source: Lambda developer guide, lambda-runtimes.
var runtimes = []string{
	"dotnet10", "dotnet6", "dotnet8", "java11", "java11.al2023", "java17", "java17.al2023", "java21", "java25", "java8.al2", "java8.al2023",
	"nodejs16.x", "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x", "provided.al2", osOnly,
	"python3.10", "python3.11", "python3.12", "python3.13", "python3.14", "python3.8", "python3.9", "ruby3.2", "ruby3.3", "ruby3.4", "ruby4.0",
}

// extension is that of the file in which CloudFormation puts the inline code of a
// runtime; "" if the runtime has none.
//
// Source: CloudFormation template reference,
// aws-properties-lambda-function-code, ZipFile.
func extension(runtime string) string {
	switch {
	case strings.HasPrefix(runtime, "nodejs"):
		return ".js"
	case strings.HasPrefix(runtime, "python"):
		return ".py"
	}
	return ""
}

// checkCode refuses what the runtime can't have.
func (p *properties) checkCode() error {
	inline, known := p.Code.ZipFile != nil, !strings.Contains(p.Runtime, api.NotYetKnown)
	switch {
	case p.Code.ImageUri != nil || (p.PackageType != "" && p.PackageType != "Zip"):
		return invalid("the local AWS does not run container images (Code.ImageUri, PackageType)")
	case !inline && (p.Code.S3Bucket == "" || p.Code.S3Key == ""):
		return invalid("Code needs S3Bucket and S3Key, or for Node.js and Python ZipFile")
	case known && !slices.Contains(runtimes, p.Runtime):
		return invalid("Runtime %q is not one that Lambda makes functions of: %s", p.Runtime, strings.Join(runtimes, ", "))
	case known && inline && extension(p.Runtime) == "":
		return invalid("ZipFile can only be used with the runtimes of Node.js and Python, not with %s: put an archive into S3 and name it with S3Bucket and S3Key", p.Runtime)
	case inline && (p.Code.S3Bucket != "" || p.Code.S3Key != "" || p.Code.S3ObjectVersion != ""):
		return invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")
	case len(p.Architectures) > 1 || !oneOf(p.architecture(), "arm64", "x86_64", api.NotYetKnown):
		return invalid("Architectures must have one value, arm64 or x86_64, not %q", p.Architectures)
	case p.Runtime == osOnly:
		return p.checkArchitecture()
	}
	return nil
}

// archive is the deployment package: an object of S3 that the stack may read,
// or inline code, which CloudFormation zips.
func (s *Service) archive(x api.StackContext, p properties) ([]byte, error) {
	if p.Code.ZipFile == nil {
		b, err := s.opt.Objects.GetObject(x.Call, p.Code.S3Bucket, p.Code.S3Key, p.Code.S3ObjectVersion)
		if err != nil {
			e := api.AsError(err)
			return nil, invalid("Error occurred while GetObject. S3 Error Code: %s. S3 Error Message: %s", e.Code, e.Message)
		}
		return b, nil
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "index" + extension(p.Runtime), Method: zip.Deflate}
	h.SetMode(0o644)
	file, err := z.CreateHeader(h)
	if err == nil {
		_, err = file.Write([]byte(*p.Code.ZipFile))
	}
	if err == nil {
		err = z.Close()
	}
	return b.Bytes(), err
}

// runnable refuses to invoke a function of a runtime that is not here.
//
// Source: Lambda API reference, Invoke, InvalidRuntimeException.
func (s *Service) runnable(f *function) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := f.configuration.Runtime; r != osOnly {
		return api.Errorf(http.StatusBadGateway, "InvalidRuntimeException", "the local AWS runs functions of the runtime %s only; %s has %s: it is deployed, and cannot be invoked", osOnly, f.name, r)
	}
	return nil
}
