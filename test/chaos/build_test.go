package chaos

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// programs is the folder of the functions and of the program that retires, built
// once as the Makefile does, and with the tag chaos.
var programs = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "chaos-")
	if err != nil {
		return "", err
	}
	built = folder
	arguments := []string{"build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc,chaos", "-ldflags", "-s -w", "-o", folder + "/", "./retire"}
	for _, name := range functions {
		arguments = append(arguments, "../../lambda/"+name)
	}
	c := exec.Command("go", arguments...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return folder, fmt.Errorf("building the functions: %w\n%s", err, out)
	}
	return folder, nil
})

// built is the folder, "" if no test has asked for the programs.
var built string

func TestMain(m *testing.M) {
	status := m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
	os.Exit(status)
}

// zipped is a package of code with the program.
func zipped(t *testing.T, program string) []byte {
	t.Helper()
	binary, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "bootstrap", Method: zip.Store}
	h.SetMode(0o755)
	file, err := z.CreateHeader(h)
	if err == nil {
		_, err = file.Write(binary)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
