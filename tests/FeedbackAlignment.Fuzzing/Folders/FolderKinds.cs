using System.Globalization;
using StbImageWriteSharp;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>Makes right folders of every kind, by the commands that users type, at the smallest sizes.</summary>
/// <param name="shared">Where they are kept; the damaged ones lie elsewhere.</param>
internal sealed class FolderKinds(string shared)
{
    private const string OwnData = "data-table", Numbers = "data-numbers", Images = "data-images", Arrays = "data-arrays";

    private static readonly string[] _looking =
    [
        "show {F}", "show {F} --json", "report {F}", "report {F} --out {O}/page.html", "runs {F}", "runs {F} --json",
        "diff {F} {S}/compare", "diff {S}/compare {F} --json", "resume {F} --quiet",
    ];

    private static readonly string[] _run =
    [
        "show {R}", "report {R}", "diff {R} {S}/table", "evaluate {R}", "export {R} --format safetensors",
            "export {R} --format onnx --out {O}/model.onnx",
        "export {R} --format tensorboard", "export {F} --format tensorboard --out {O}/events",
            "import {R}/model.safetensors --out {O}/imported",
    ];

    /// <summary>Makes the folders.</summary>
    public void Make()
    {
        WriteData();
        Write("tiny.json", """{ "data": { "train": 40, "validation": 20, "test": 20 }, "network": { "layers": "784-3-10" }, "training": { "epochs": 2, "batchSize": 10, "measureExamples": 10 }, "rules": ["feedback-alignment", "backpropagation"], "seeds": [1, 2] }""");
        Write("long.json", """{ "data": { "train": 40, "validation": 20, "test": 20 }, "network": { "layers": "784-3-10" }, "training": { "epochs": 6, "batchSize": 2, "measureExamples": 10 }, "rules": ["node-perturbation", "backpropagation"], "seeds": [1] }""");
        Run("compare", "--spec", Path("tiny.json"), "--out", Path("compare"), "--quiet");
        Run("compare", "--spec", Path("tiny.json"), "--grid", "feedback.scale=1,2", "--out", Path("study"), "--quiet");
        Run("tune", Path("tiny.json"), "--trials", "2", "--epochs", "1", "--out", Path("tuning"), "--quiet");
        Run("reproduce", "mnist-angle", "--effort", "quick", "--data-dir", Path("nothing"), "--out", Path("plan"), "--quiet");
        Run("reproduce", "flow-field", "--effort", "quick", "--out", Path("reproduction"), "--quiet");
        foreach (var (name, data, layers) in ((string, string, string)[])[("table", OwnData, "4-3-2"), ("numbers", Numbers, "2-3-1"),
            ("images", Images, "48-3-2"), ("arrays", Arrays, "3-3-2")])
        {
            Run("compare", "--data", Path(data), "--rules", "feedback-alignment", "--seeds", "1", "--network", layers, "--epochs", "1",
                "--batch", "8", "--out", Path(name), "--quiet");
            Run("export", Path($"{name}/runs/feedback-alignment-1"), "--format", "safetensors");
        }

        Run("export", Path("compare/runs/feedback-alignment-1"), "--format", "safetensors");
        Run("import", Path("table/runs/feedback-alignment-1/model.safetensors"), "--data", Path(OwnData), "--activation", "tanh", "--out",
            Path("imported"));
        Stop("stopped", "train");
        Stop("stopped-tuning", "tune");
    }

    /// <summary>The folders that were made, and what is done with them.</summary>
    public IReadOnlyList<FolderKind> All() =>
    [
        Of("compare", [.. _looking, .. _run]),
        Of("table", [.. _looking, .. _run, "predict {R} {S}/data-table/new.csv", "predict {R} {S}/data-table/new.csv --out {O}/answers.csv",
            "evaluate {R} --data {S}/data-table"]),
        Of("numbers", [.. _looking, .. _run, "predict {R} {S}/data-numbers/train.csv"]),
        Of("images", [.. _looking, .. _run, "predict {R} {S}/data-images/train/a"]),
        Of("arrays", [.. _looking, .. _run, "predict {R} {S}/data-arrays/train-inputs.npy", "evaluate {R} --data {S}/data-arrays"]),
        Of("stopped", [.. _looking, .. _run, "resume {F} --quiet", "resume {F} --quiet --anew", "resume {F} --quiet --checkpoint-every 40",
            "resume {F} --json --quiet"]),
        Of("study", ["study {F} --status", "study {F} --retry-failed", "runs {F} --csv", "runs {F}", "report {F}", "show {F}",
            "work {F} --quiet --minutes 0.02"]),
        Of("tuning", ["report {F}", "report {F} --out {O}/page.html", "show {F}", "runs {F}", "resume {F} --quiet"]),
        Of("stopped-tuning", ["report {F}", "runs {F}", "resume {F} --quiet"]),
        Of("reproduction", ["report {F}", "report {F} --out {O}/page.html", "show {F}", "runs {F}"]),

        // A reproduction without its data, which is gone on with in no time.
        Of("plan", ["report {F}", "resume {F} --quiet", "resume {F} --quiet --json"]),
        Of("imported", ["evaluate {F}", "evaluate {F} --data {S}/data-table", "predict {F} {S}/data-table/new.csv",
            "import {F}/weights.safetensors --out {O}/imported", "resume {F} --quiet", "data show {F}"]),
        Of(OwnData, ["data show {F} --out {O}/x.png", "data show {F}/train.csv", "predict {S}/table/runs/feedback-alignment-1 {F}/new.csv",
            "predict {S}/table/runs/feedback-alignment-1 {F}/train.csv --keep-going",
            "evaluate {S}/table/runs/feedback-alignment-1 --data {F}"]),
        Of(Numbers, ["data show {F}", "data show {F} --target target", "evaluate {S}/numbers/runs/feedback-alignment-1 --data {F}"]),
        Of(Images, ["data show {F} --out {O}/x.png", "evaluate {S}/images/runs/feedback-alignment-1 --data {F}",
            "predict {S}/images/runs/feedback-alignment-1 {F}/train/a"]),
        Of(Arrays, ["data show {F} --out {O}/x.png", "evaluate {S}/arrays/runs/feedback-alignment-1 --data {F}",
            "predict {S}/arrays/runs/feedback-alignment-1 {F}/train-inputs.npy"]),
    ];

    private FolderKind Of(string id, string[] commands) => new(id, new Pristine(Path(id)), commands);

    private string Path(string name) => System.IO.Path.Combine(shared, name);

    private static void Run(params string[] args) => Run(args, default);

    private static void Run(string[] args, CancellationToken cancellation)
    {
        var end = InProcess.Run(args, cancellation);
        if (end.Code != 0 && !cancellation.CanBeCanceled)
        {
            throw new InvalidOperationException($"fa {string.Join(' ', args)}: {end.Error}");
        }
    }

    /// <summary>Stops a command as soon as there is a checkpoint; a machine that is too fast gets another chance.</summary>
    private void Stop(string name, string command)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            FolderDamage.Remove(Path(name));
            using var stop = new CancellationTokenSource();
            var training = Task.Run(() => Run(
                [command, Path("long.json"), "--out", Path(name), "--quiet", "--checkpoint-every", "50", .. command == "tune"
                ? (string[])["--trials", "2"] : []], stop.Token));
            while (!training.IsCompleted && !(Directory.Exists(Path(name))
                && Directory.EnumerateFiles(Path(name), "checkpoint-before.state", SearchOption.AllDirectories).Any()))
            {
                Thread.Sleep(1);
            }

            stop.Cancel();
            training.Wait();
            if (Directory.EnumerateFiles(Path(name), "checkpoint.state", SearchOption.AllDirectories).Any())
            {
                return;
            }
        }

        throw new InvalidOperationException($"{command} cannot be stopped before it ends");
    }

    private void WriteData()
    {
        string Row(int i, string end) => string.Create(CultureInfo.InvariantCulture,
            $"{i % 7},{i * 0.37 % 2:0.00},{(i % 3 == 0 ? "red" : "blue")}{end}\n");
        var rows = Enumerable.Range(0, 40).ToArray();
        Write($"{OwnData}/train.csv", "length,width,color,class\n" + string.Concat(rows.Select(i => Row(i, i % 2 == 0 ? ",yes" : ",no"))));
        Write($"{OwnData}/new.csv", "length,width,color\n" + string.Concat(rows.Take(5).Select(i => Row(i, ""))));
        Write($"{Numbers}/train.csv", "a,b,target\n"
            + string.Concat(rows.Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i % 5},{i * 0.7 % 3:0.00},{i % 5 * 0.3 - 1:0.00}\n"))));
        foreach (var (index, kind) in ((string[])["a", "b"]).Index())
        {
            for (var i = 0; i < 12; i++)
            {
                using var picture = new MemoryStream();
                new ImageWriter().WritePng([.. Enumerable.Range(0, 48).Select(pixel => (byte)(((pixel * (5 + index)) + (17 * i)) % 256))],
                    4, 4, ColorComponents.RedGreenBlue, picture);
                Write($"{Images}/train/{kind}/{i}.png", picture.ToArray());
            }
        }

        Write($"{Arrays}/train-inputs.npy",
            Array("<f4", "24, 3", [.. Enumerable.Range(0, 72).SelectMany(i => BitConverter.GetBytes(i % 11 * 0.25f))]));
        Write($"{Arrays}/train-labels.npy",
            Array("<i8", "24,", [.. Enumerable.Range(0, 24).SelectMany(i => BitConverter.GetBytes((long)(i % 2)))]));
    }

    private static byte[] Array(string type, string shape, byte[] numbers)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. numbers];
    }

    private void Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllBytes(Path(name), content);
    }
}
