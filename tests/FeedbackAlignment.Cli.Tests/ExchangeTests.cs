using System.Text.RegularExpressions;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Cli.Tests;

/// <summary>Import, evaluate, train further, export: by the commands that a user types.</summary>
public sealed partial class ExchangeTests : IDisposable
{
    private readonly Fa _fa = new();

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void ANetworkGoesOutAndComesBackAndLearnsOn()
    {
        Run("compare", "--train", "200", "--epochs", "1", "--seeds", "1", "--rules", "feedback-alignment", "--network", "784-8-10", "--out", _fa.Path("first"), "--quiet");
        var first = TestError("evaluate", _fa.Path("first"));
        Run("export", _fa.Path("first"), "--format", "safetensors", "--out", _fa.Path("model.safetensors"));
        Assert.Equal(first, TestError("evaluate", _fa.Path("model.safetensors")));

        Run("import", _fa.Path("model.safetensors"), "--out", _fa.Path("imported"));
        Assert.Equal(first, TestError("evaluate", _fa.Path("imported")));

        // From another folder than the one the user is in: the spec and its weights belong together.
        Run("compare", "--spec", _fa.Path("imported/spec.json"), "--train", "200", "--epochs", "3", "--out", _fa.Path("further"), "--quiet");
        var further = TestError("evaluate", _fa.Path("further/runs/feedback-alignment-1"));
        Assert.True(further < first, $"{further} % after {first} %");

        // The spec that a run leaves behind runs it again.
        Run("train", _fa.Path("further/spec.json"), "--out", _fa.Path("again"), "--quiet");
        Assert.Equal(further, TestError("evaluate", _fa.Path("again")));

        Run("export", _fa.Path("further"), "--format", "onnx");
        Assert.True(File.Exists(_fa.Path("further/runs/feedback-alignment-1/model.onnx")));
    }

    /// <summary>With running statistics, and by either naming.</summary>
    [Theory]
    [InlineData("network")]
    [InlineData("pytorch")]
    public void ANetworkOfModulesGoesOutAndComesBackAndLearnsOn(string names)
    {
        const string Layers = "784, dense 12, batch-norm, relu, residual(dense 8 relu, dense 12), relu, dropout 0.1, dense 10";
        Run("compare", "--train", "200", "--epochs", "2", "--seeds", "1", "--rules", "direct-feedback-alignment", "--network", Layers,
            "--sites", "block", "--out", _fa.Path("first"), "--quiet");
        var first = TestError("evaluate", _fa.Path("first"));
        Run("export", _fa.Path("first"), "--format", "safetensors", "--names", names, "--out", _fa.Path("model.safetensors"));
        Assert.Equal(first, TestError("evaluate", _fa.Path("model.safetensors")));

        Run("import", _fa.Path("model.safetensors"), "--out", _fa.Path("imported"));
        Assert.Contains($"network  {Layers}\n", _fa.Output, StringComparison.Ordinal);
        Assert.Equal(first, TestError("evaluate", _fa.Path("imported")));
        Run("compare", "--from", _fa.Path("model.safetensors"), "--train", "200", "--examples", "128", "--learning-rate", "1e-9", "--seeds",
            "1", "--rules", "feedback-alignment", "--out", _fa.Path("second"), "--quiet");
        Run("train", "--from", _fa.Path("first"), "--epochs", "1", "--out", _fa.Path("further"), "--quiet");
        Run("export", _fa.Path("further"), "--format", "onnx");
        Assert.True(File.Exists(_fa.Path("further/runs/direct-feedback-alignment-1/model.onnx")));
    }

    /// <summary>With batch norm, pooling and a dense layer that takes a picture.</summary>
    [Theory]
    [InlineData("network")]
    [InlineData("pytorch")]
    public void ANetworkOfPicturesGoesOutAndComesBack(string names)
    {
        const string Layers = "1x28x28, conv 5x5 3 stride 2, batch-norm, relu, max-pool 2, dense 10";
        Run("compare", "--train", "200", "--epochs", "1", "--seeds", "1", "--rules", "kolen-pollack", "--network", Layers, "--out",
            _fa.Path("first"), "--quiet");
        var first = TestError("evaluate", _fa.Path("first"));
        Run("export", _fa.Path("first"), "--format", "safetensors", "--names", names, "--out", _fa.Path("model.safetensors"));
        Assert.Equal(first, TestError("evaluate", _fa.Path("model.safetensors")));
        Run("import", _fa.Path("model.safetensors"), "--out", _fa.Path("imported"));
        Assert.Equal(first, TestError("evaluate", _fa.Path("imported")));
    }

    /// <summary>What is guessed is said: size, order and data.</summary>
    [Fact]
    public void AStateDictOfAResidualNetworkIsThePreset()
    {
        using (var file = File.Create(_fa.Path("resnet.safetensors")))
        {
            string[] names = ["conv1", "bn1",
                .. Enumerable.Range(0, 36)
                .Select(i => $"layer{i / 12 + 1}.{i / 4 % 3}.{((string[])["conv1", "bn1", "conv2", "bn2"])[i % 4]}"), "fc"];
            var tensors = NetworkPlan.Parse("resnet-20").Build(1).ToTensors(TensorNaming.PyTorch)
                .GroupBy(tensor => tensor.Name[..tensor.Name.LastIndexOf('.')]);
            new SafetensorsFile(tensors.Zip(names)
                .SelectMany(pair => pair.First.Select(tensor => tensor with { Name = pair.Second + tensor.Name[pair.First.Key.Length..] }))
                .Where(tensor => !tensor.Name.Contains("conv", StringComparison.Ordinal)
                    || !tensor.Name.EndsWith("bias", StringComparison.Ordinal))).Write(file);
        }

        Run("import", _fa.Path("resnet.safetensors"), "--network", "resnet-20", "--out", _fa.Path("imported"));
        Assert.Contains("network  3x32x32, conv 3x3 16, batch-norm, relu, residual(", _fa.Output, StringComparison.Ordinal);
        foreach (var note in (string[])[
            "resnet-20 is taken as a network for 3 × 32 × 32 with 10 outputs; --data with a name says another size",
            "the order conv1, layer1.0.conv1, layer1.0.conv2, layer1.1.conv1,",
                "the spec trains on cifar-10, whose examples are 3 × 32 × 32; --data names others",
            "hidden1, hidden2, hidden3 … (19 layers) have no biases in the file, and get biases of 0, which a training moves"])
        {
            Assert.Contains(note, _fa.Error, StringComparison.Ordinal);
        }

        Assert.Equal(ExitCode.BadInput, _fa.Run("import", _fa.Path("resnet.safetensors"), "--out", _fa.Path("never")));
        Assert.Contains("say the network: `fa import --network`", _fa.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput,
            _fa.Run("import", _fa.Path("resnet.safetensors"), "--network", "resnet-20", "--data", "digits", "--out", _fa.Path("never")));
        Assert.Contains("conv1.weight [16, 3, 3, 3] must be [16, 1, 3, 3], which hidden1.weights of 1x28x28, conv 3x3 16,", _fa.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NamesOfTensorsAreAChoiceOfSafetensorsAlone()
    {
        Run([.. _fa.Tiny, "--rules", "shallow", "--seeds", "1", "--out", _fa.Path("one"), "--quiet"]);
        Refused("fa: --names: must be one of network, pytorch; was \"torch\"", "safetensors", "torch");
        Refused("fa: --names: only --format safetensors has names to choose; leave it out", "onnx", "pytorch");

        void Refused(string problem, string format, string names)
        {
            Assert.Equal(ExitCode.BadInput, _fa.Run("export", _fa.Path("one"), "--format", format, "--names", names));
            Assert.StartsWith(problem, _fa.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TensorBoardGetsEveryRunOfAnExperiment()
    {
        Run([.. _fa.Tiny, "--out", _fa.Path("tiny"), "--quiet"]);
        Run("export", _fa.Path("tiny"), "--format", "tensorboard", "--out", _fa.Path("board"));
        Run("export", _fa.Path("tiny"), "--format", "tensorboard");

        Assert.Equal(8, Directory.GetFiles(_fa.Path("board"), "*tfevents*", SearchOption.AllDirectories).Length);
        Assert.Single(Directory.GetFiles(_fa.Path("board/shallow-2")));
        Assert.Single(Directory.GetFiles(_fa.Path("tiny/runs/shallow-2"), "*tfevents*"));
    }

    [Fact]
    public void ARunThatDivergedIsExportedWithANote()
    {
        Assert.Equal(ExitCode.Failed, _fa.Run([.. _fa.Tiny, "--rules", "backpropagation", "--seeds", "1", "--learning-rate", "1e9", "--out", _fa.Path("wild"), "--quiet"]));
        Run("export", _fa.Path("wild"), "--format", "safetensors");
        Assert.Contains("note     this run was not completed: diverged after ", _fa.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, _fa.Run("export", _fa.Path("wild"), "--format", "onnx", "--out", _fa.Path("wild")));
        Assert.Equal("fa: TEMP/wild: is a folder; name a file in it with --out\n", _fa.Error);
    }

    [Fact]
    public void ActivationsOfARunAreNotAskedFor()
    {
        Run([.. _fa.Tiny, "--rules", "shallow", "--seeds", "1", "--out", _fa.Path("one"), "--quiet"]);
        Assert.Equal(ExitCode.BadInput, _fa.Run("evaluate", _fa.Path("one"), "--activation", "relu"));
        Assert.Equal("fa: TEMP/one: is a run folder, and its spec names the activations; leave --activation and --output-activation out\n",
            _fa.Error);
    }

    [Fact]
    public void AComparisonBeginsWithGivenWeights()
    {
        Run("compare", "--train", "200", "--epochs", "3", "--seeds", "1", "--rules", "backpropagation", "--network", "784-8-10", "--out", _fa.Path("first"), "--quiet");
        Run("export", _fa.Path("first"), "--format", "safetensors", "--out", _fa.Path("m.safetensors"));
        Run("compare", "--from", _fa.Path("m.safetensors"), "--train", "200", "--examples", "32", "--learning-rate", "1e-9", "--seeds", "1", "--rules", "shallow", "--out", _fa.Path("second"), "--quiet");
        Assert.Equal(TestError("evaluate", _fa.Path("first")), TestError("evaluate", _fa.Path("second")));
    }

    private void Run(params string[] args)
    {
        var code = _fa.Run(args);
        Assert.True(code == ExitCode.Done, $"{string.Join(' ', args)}: {_fa.Error}");
    }

    private double TestError(params string[] args)
    {
        Run(args);
        return double.Parse(Percent().Match(_fa.Output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("test +error ([0-9.]+) %")]
    private static partial Regex Percent();
}
