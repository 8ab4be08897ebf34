package resource

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"embed"
	"sync"

	cdk "github.com/aws/aws-cdk-go/awscdk/v2/jsii"
	jsii "github.com/aws/jsii-runtime-go/runtime"
)

// The name and version of the module; both are in its package.json and .jsii too.
const name, version = "s3seal-resources", "1.0.0"

//go:embed module/package.json module/.jsii module/index.js
var files embed.FS

// initialize loads the module into the kernel. As the CDK's own packages do before
// each call, it does so again: the kernel may be another one, and knows what it has.
func initialize() {
	cdk.Initialize()
	jsii.Load(name, version, tarball())
}

func invoke(method string, arguments []any, answer any) {
	jsii.StaticInvoke(name+".Resources", method, arguments, answer)
}

func invokeVoid(method string, arguments []any) {
	jsii.StaticInvokeVoid(name+".Resources", method, arguments)
}

// tarball is the module as npm would pack it. The kernel keeps what it unpacked, by
// the hash of the bytes, which are the same each time.
var tarball = sync.OnceValue(func() []byte {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	archive := tar.NewWriter(zip)
	for _, file := range []string{"package.json", ".jsii", "index.js"} {
		text, err := files.ReadFile("module/" + file)
		if err == nil {
			err = archive.WriteHeader(&tar.Header{Name: "package/" + file, Mode: 0o644, Size: int64(len(text))})
		}
		if err == nil {
			_, err = archive.Write(text)
		}
		if err != nil {
			panic(err) // neither an embedded file nor memory fails
		}
	}
	if err := archive.Close(); err != nil {
		panic(err)
	}
	if err := zip.Close(); err != nil {
		panic(err)
	}
	return packed.Bytes()
})
