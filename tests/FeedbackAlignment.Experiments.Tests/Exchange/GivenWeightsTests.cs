using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Experiments.Tests.Runs;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Tests.Exchange;

/// <summary><c>network.initialization.from</c>: trainings that begin with weights from a file.</summary>
public sealed class GivenWeightsTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();
    private readonly TemporaryFolder _place = new();

    public void Dispose()
    {
        _experiments.Dispose();
        _place.Dispose();
    }

    [Fact]
    public void ATrainingBeginsWithTheWeightsOfTheFileWhateverTheSeed()
    {
        var network = Network.Mlp("784-8-10", seed: 77);
        var (record, _) = _experiments.Run(Spec(Save(network)) with { Rules = ["shallow", "feedback-alignment"], Seeds = [1, 2] });

        var validation = new Evaluator(network, Loss.SoftmaxCrossEntropy).Evaluate(TinyExperiment.Load(record.Spec).Split.Validation);
        Assert.Equal(4, record.Runs.Count);
        Assert.All(record.Runs, run => Assert.Equal((validation.Loss, validation.Error), (run.Curve[0].ValidationLoss, run.Curve[0].ValidationError)));
        Assert.All(record.Runs, run => Assert.NotEqual(validation.Loss, run.Curve[^1].ValidationLoss));
    }

    /// <summary>Weights as they would be drawn change nothing: the file stands for the draw, and no other stream is disturbed.</summary>
    [Fact]
    public void TheWeightsThatWouldBeDrawnGiveTheSameRunBitForBit()
    {
        var drawn = TinyExperiment.Spec with { Rules = ["feedback-alignment"] };
        var (expected, _) = _experiments.Run(drawn);
        var (actual, _) = _experiments.Run(Spec(Save(Network.Mlp("784-8-10", seed: 1))) with { Rules = ["feedback-alignment"] });
        Assert.Equal(TinyExperiment.Outcome(expected.Runs[0]), TinyExperiment.Outcome(actual.Runs[0]));
    }

    [Fact]
    public void TheRecordedSpecKnowsLayersAndChecksumOfTheFile()
    {
        var file = Save(Network.Mlp("784-8-10", seed: 1));
        var spec = SpecCompletion.Complete(Spec(file), TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard);
        Assert.Equal("784-8-10", spec.Network.Layers);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))), spec.Network.Initialization.Sha256);
        Assert.Equal(spec, SpecCompletion.Complete(spec, TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard));
    }

    [Fact]
    public void LayersThatTheSpecCountsAreThoseOfTheFile()
    {
        var spec = Spec(Save(Network.Mlp("784-8-8-10", seed: 1)));
        var counted = spec with { Network = spec.Network with { Layers = "784-2x8-10" } };
        Assert.Equal("784-2x8-10",
            SpecCompletion.Complete(counted, TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard).Network.Layers);
    }

    [Fact]
    public void ConnectionsThatTheSpecMissesStayMissing()
    {
        var spec = Spec(Save(Network.Mlp("784-8-10", seed: 1)));
        var network = new RunBuilder(
            spec with { Network = spec.Network with { Layers = "784-8-10", Connections = new Dictionary<string, ConnectionsSpec> { ["output"] = new() { InputsPerUnit = 2 } } } },
            new RunKey("shallow", 1), Components.Standard).Network(new Compute());
        Assert.Equal(2, Enumerable.Range(0, 8).Count(input => network.Layers[1].Weights.Read()[0, input] != 0));
    }

    [Fact]
    public void AnotherFileOrNetworkIsRefused()
    {
        var file = Save(Network.Mlp("784-8-10", seed: 1));
        Refused("network.initialization.from", $"{file} is not the file that was meant: its SHA-256 is ", network => network with { Initialization = network.Initialization with { Sha256 = new string('0', 64) } });
        Refused("network.initialization.from", $"{file} holds a network of 784-8-10, but network.layers is 784-9-10", network => network with { Layers = "784-9-10" });
        Refused("network.bias", "is false, but hidden1 in", network => network with { Bias = false });
        Refused("network.activation", $"the hidden layers of {file} are tanh; must be that, was relu",
            network => network with { Activation = Activation.Relu.Id });
        Refused("network.outputActivation", "is linear; must be that, was tanh",
            network => network with { OutputActivation = Activation.Tanh.Id });
        Assert.StartsWith($"{file}.gone: cannot be read (",
            Assert.Throws<DataSourceException>(() =>
                SpecCompletion.Complete(Spec(file + ".gone"), TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard))
                .Message, StringComparison.Ordinal);

        void Refused(string path, string problem, Func<NetworkSpec, NetworkSpec> change)
        {
            var spec = Spec(file);
            var mistake = Assert.Single(
                Assert.Throws<SpecException>(() =>
                SpecCompletion.Complete(spec with { Network = change(spec.Network) },
                TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard)).Problems);
            Assert.Equal(path, mistake.Path);
            Assert.Contains(problem, mistake.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WeightsThatAreNoNumbersAreRefused()
    {
        var network = Network.Mlp("784-8-10", seed: 1);
        network.Layers[1].Weights.Read()[0, 0] = float.NaN;
        var spec = Spec(Save(network));
        Assert.Contains("output.weights [10, 8] contains a number that is not finite",
            Assert.Throws<DataFormatException>(() =>
                SpecCompletion.Complete(spec, TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void AnImportedNetworkIsTheSameNetwork()
    {
        var network = Network.Mlp("784-8-10", seed: 5, new() { Hidden = Activation.Relu });
        var folder = Path.Combine(_place.Path, "imported");
        ModelImport.Run(Save(network, metadata: false), Activation.Relu, output: null, data: null, folder, Components.Standard);

        var stored = StoredModel.Open(folder, Components.Standard);
        Assert.Equal(DataSourceIds.Digits, stored.Data!.Source);
        Assert.Null(stored.Loss);
        Assert.Equal(Loss.SoftmaxCrossEntropy, stored.LossFor(classifies: true));
        Assert.Equal(network.Layers.Select(layer => layer.ToString()), stored.Network.Layers.Select(layer => layer.ToString()));
        var inputs = TinyExperiment.Load(TinyExperiment.Spec).Split.Test.Inputs;
        Assert.Equal(network.Predict(inputs).Row(0).ToArray(), stored.Network.Predict(inputs).Row(0).ToArray());
        Assert.Equal(["spec.json", "weights.safetensors"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ANetworkThatNoSpecDescribesIsNotImported()
    {
        Refused("connections are missing",
            Network.Mlp("784-8-10", 1,
                new() { Connectivity = new Dictionary<string, Connectivity> { ["hidden1"] = Connectivity.Random(0.5) } }));
        Refused("a network of 3-2 does not fit digits", Network.Mlp("3-2", 1));

        void Refused(string problem, Network network)
        {
            var trouble = Assert.ThrowsAny<Exception>(() =>
                ModelImport.Run(Save(network), null, null, null, Path.Combine(_place.Path, "never"), Components.Standard));
            Assert.True(trouble is DataFormatException or DataSourceException, trouble.ToString());
            Assert.Contains(problem, trouble.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(_place.Path, "never")));
        }
    }

    /// <summary>Convolutions before a normalization seldom have biases; in a spec all layers have some.</summary>
    [Fact]
    public void AStateDictIsImportedByItsPlanAndBiasesThatItLacksAreZero()
    {
        var (folder, notes) = (Path.Combine(_place.Path, "imported"), new List<string>());
        var network = ModelImport.Run(
            State(), hidden: null, output: null, data: null, folder, Components.Standard,
                layers: "conv 3x3 2, batch-norm, relu, max-pool 4, dense 10", notice: notes.Add);
        Assert.Equal(["hidden1 has no biases in the file, and gets biases of 0, which a training moves"], notes);
        var inputs = TinyExperiment.Load(TinyExperiment.Spec).Split.Test.Inputs;
        Assert.Equal(network.Predict(inputs).Row(3).ToArray(),
            StoredModel.Open(folder, Components.Standard).Network.Predict(inputs).Row(3).ToArray());

        var (record, _) = _experiments.Run(Spec(Path.Combine(folder, "weights.safetensors")) with { Rules = ["backpropagation"] });
        Assert.Equal(Picture, record.Spec.Network.Layers);
        Assert.Contains(
            "is true, but hidden1 in ", Assert.Throws<SpecException>(() => _experiments.Run(TinyExperiment.Spec with
            {
                Network = new() { Layers = Picture, Initialization = new() { From = State() } },
            })).Problems[0].Message, StringComparison.Ordinal);
    }

    /// <summary>A spec's own plan reads a state_dict without an import, if all layers have biases.</summary>
    [Fact]
    public void ASpecReadsAStateDictByItsPlan()
    {
        var network = NetworkPlan.Parse(Picture).Build(4);
        var file = _place.Write("all.safetensors", Bytes(network.ToTensors(TensorNaming.PyTorch)));
        var (record, _) = _experiments.Run(TinyExperiment.Spec with
        {
            Rules = ["shallow"],
            Network = new() { Layers = Picture, Initialization = new() { From = file } },
        });
        var validation = new Evaluator(network, Loss.SoftmaxCrossEntropy).Evaluate(TinyExperiment.Load(record.Spec).Split.Validation);
        Assert.Equal(validation.Loss, record.Runs[0].Curve[0].ValidationLoss);
    }

    /// <summary>BioTorch's names: the weights that an error goes back through are those of the file, and no step moves them.</summary>
    [Theory]
    [InlineData("feedback-alignment", 2)]
    [InlineData("repeated-direct-feedback-alignment", 10)]
    public void FeedbackWeightsOfAFileAreThoseOfTheRule(string rule, int rows)
    {
        var (folder, notes, kernel) = (Path.Combine(_place.Path, "imported"), new List<string>(), new Matrix(rows, 18));
        kernel.Fill(0.25f);
        kernel[1, 2] = 7;
        ModelImport.Run(
            State(new("conv1.weight_backward", [2, 1, 3, 3], new(2, 9)), new("conv2.weight_backward", [rows, 2, 3, 3], kernel),
                new("fc.weight_backward", [10, 98], new(10, 98))),
            null, null, null, folder, Components.Standard, layers: TwoConvolutions, notice: notes.Add);
        Assert.Contains("conv1.weight_backward is not used: no error goes below the first layer", notes);
        var spec = SpecReader.Read(File.ReadAllText(Path.Combine(folder, "spec.json")), Components.Standard);
        Assert.Equal([rule], spec.Rules);

        // A position later: (row 0, column 2, channel 0) comes third of PyTorch's and fifth of ours.
        var asked = TinyExperiment.Spec with
        {
            Rules = [rule],
            Feedback = spec.Feedback,
            Network = new() { Initialization = spec.Network.Initialization with { From = Path.Combine(folder, "weights.safetensors") } },
        };
        var (_, run) = _experiments.Run(asked);
        var name = rule == "feedback-alignment" ? "feedback.hidden2-hidden1" : "feedback.output-hidden1";
        var weights = TinyExperiment.Weights(run, $"{rule}-1");
        Assert.Equal((7, 0.25f), (weights[$"{name}.npy"][1, 4], weights[$"{name}.npy"][1, 2]));
        Assert.Equal(0, weights["feedback.output-hidden2.npy"][3, 5]);
        Assert.NotEqual(0, weights["output.weights.npy"][3, 5]);

        Refused("the rule has no feedback weights; network.initialization.carries must be weights for it",
            asked with { Rules = ["backpropagation"] });
        Refused("the rule forms its feedback weights itself and takes none; network.initialization.carries must be",
            asked with { Rules = ["sign-symmetry-uniform"] });
        Refused("there is no feedback.output-hidden1 of 10 × 1568 finite numbers in the file; ",
            asked with { Rules = ["direct-feedback-alignment"], Feedback = new() });

        void Refused(string problem, ExperimentSpec other) => Assert.Contains(
            problem, Assert.Throws<DataFormatException>(() => _experiments.Run(other)).Message, StringComparison.Ordinal);
    }

    /// <summary>What sizes and one activation do not say, the plan of the spec does.</summary>
    [Theory]
    [InlineData("784, dense 8 tanh, dense 6 relu, dense 10")]
    [InlineData("784, dense 8, batch-norm, relu, residual(dense 6 tanh, dense 8), layer-norm, dropout 0.25, dense 10")]
    public void AnImportedNetworkOfModulesIsTheSameNetwork(string plan)
    {
        var network = NetworkPlan.Parse(plan).Build(seed: 5);
        foreach (var buffer in network.Buffers)
        {
            buffer.Values.Fill(0.5f);
        }

        var folder = Path.Combine(_place.Path, "imported");
        ModelImport.Run(Save(network), hidden: null, output: null, data: null, folder, Components.Standard);
        var inputs = TinyExperiment.Load(TinyExperiment.Spec).Split.Test.Inputs;
        Assert.Equal(network.Predict(inputs).Row(0).ToArray(),
            StoredModel.Open(folder, Components.Standard).Network.Predict(inputs).Row(0).ToArray());

        var file = Path.Combine(folder, "weights.safetensors");
        var complete = SpecCompletion.Complete(Spec(file), TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard);
        Assert.Equal(plan, complete.Network.Layers);
        Assert.Equal(network.Predict(inputs).Row(0).ToArray(),
            new RunBuilder(complete, new RunKey("shallow", 1), Components.Standard).Network(new Compute())
                .Predict(inputs).Row(0).ToArray());
    }

    [Fact]
    public void APlanThatIsNotTheFilesIsRefused()
    {
        var file = Save(NetworkPlan.Parse("784, dense 8, layer-norm, relu, dense 10").Build(1));
        Refused(file, "network.initialization.from",
            "holds a network of 784, dense 8, layer-norm, relu, dense 10, but network.layers is 784, dense 8, batch-norm, relu, dense 10",
            network => network with { Layers = "784, dense 8, batch-norm, relu, dense 10" });
        Refused(file, "network.initialization.from", "but network.layers is 784-8-10", network => network with { Layers = "784-8-10" });
        Refused(file, "network.activation", "must be left out", network => network with { Activation = Activation.Relu.Id });
        Refused(Save(NetworkPlan.Parse("784, dense 8 relu, dense 6 tanh, dense 10").Build(1)), "network.initialization.from",
            "holds a network of 784, dense 8 relu, dense 6 tanh, dense 10, but network.layers is 784-8-6-10",
            network => network with { Layers = "784-8-6-10" });
        Refused(Save(NetworkPlan.Parse("784, dense 8 relu, dense 10").Build(1)), "network.layers", "are relu; must be that, was tanh",
            network => network with { Layers = "784, dense 8 tanh, dense 10" });

        static void Refused(string file, string path, string problem, Func<NetworkSpec, NetworkSpec> change)
        {
            var spec = Spec(file);
            var mistake = Assert.Single(Assert.Throws<SpecException>(() => SpecCompletion.Complete(
                spec with { Network = change(spec.Network) }, TinyExperiment.Load(TinyExperiment.Spec).Record, Components.Standard))
                    .Problems);
            Assert.Equal(path, mistake.Path);
            Assert.Contains(problem, mistake.Message, StringComparison.Ordinal);
        }
    }

    private const string Picture = "1x28x28, conv 3x3 2, batch-norm, relu, max-pool 4, dense 10",
        TwoConvolutions = "1x28x28, conv 3x3 2 relu, max-pool 2, conv 3x3 2 relu, max-pool 2, dense 10";

    /// <summary>
    /// A state_dict of <see cref="Picture"/> without biases of filters; with feedback weights, of <see cref="TwoConvolutions"/>.
    /// </summary>
    private string State(params NamedTensor[] feedback)
    {
        var (plan, names) = feedback.Length == 0 ? (Picture, (string[])["conv1", "bn1", "fc"])
            : (TwoConvolutions, ["conv1", "conv2", "fc"]);
        var modules = NetworkPlan.Parse(plan).Build(4).ToTensors(TensorNaming.PyTorch)
            .GroupBy(tensor => tensor.Name.Split('.')[0]).Zip(names, (tensors, name) => tensors.Select(
                tensor => tensor with { Name = $"{name}.{tensor.Name.Split('.')[1]}" }));
        return _place.Write($"{Guid.NewGuid()}.safetensors", Bytes(
            modules.SelectMany(tensors => tensors).Where(tensor => feedback.Length > 0 || tensor.Name != "conv1.bias").Concat(feedback)));
    }

    private static byte[] Bytes(IEnumerable<NamedTensor> tensors)
    {
        using var stream = new MemoryStream();
        new SafetensorsFile(tensors).Write(stream);
        return stream.ToArray();
    }

    private static ExperimentSpec Spec(string file)
        => TinyExperiment.Spec with { Network = new NetworkSpec { Initialization = new InitializationSpec { From = file } } };

    private string Save(Network network, bool metadata = true)
    {
        using var stream = new MemoryStream();
        new SafetensorsFile(network.ToTensors(), metadata ? network.Describe() : null).Write(stream);
        return _place.Write($"{Guid.NewGuid()}.safetensors", stream.ToArray());
    }
}
