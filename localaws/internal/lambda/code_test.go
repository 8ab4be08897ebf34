package lambda

import (
	"context"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sync/errgroup"
)

// Lambda shows a function its code read-only, so that the ten functions of a
// stack need not be ten copies.
func TestFunctionsWithOnePackageShareItsFiles(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.objects["assets/other.zip"] = archive(map[string]entry{"bootstrap": {"another", 0o755}})
	create := func(name, object string) error {
		_, err := f.Providers()["AWS::Lambda::Function"].Create(context.Background(), stack(), "Fn",
			f.properties(fmt.Sprintf(`{"FunctionName":%q,"Code":{"S3Bucket":"assets","S3Key":%q}}`, name, object)))
		return err
	}
	var g errgroup.Group
	for i := range 8 {
		g.Go(func() error { return create(fmt.Sprint("fn", i), "code.zip") })
	}
	g.Go(func() error { return create("other", "other.zip") })
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	folders := map[string]int{}
	for _, function := range f.functions {
		folders[function.code.folder]++
	}
	made, err := os.ReadDir(f.folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) != 2 || len(made) != 2 {
		t.Errorf("2 packages are in %d folders %v; on disk are %d", len(folders), folders, len(made))
	}
}

func TestAPackageThatIsNoneIsTriedAgain(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.objects["assets/code.zip"] = archive(map[string]entry{"../out": {"", 0o755}})
	for range 2 {
		if _, err := f.create(""); err == nil {
			t.Error("an archive that leads out of its folder is accepted")
		}
	}
	if len(f.codes) != 0 {
		t.Errorf("%d packages are kept", len(f.codes))
	}
}
