using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tests.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class KernelPicturesTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();

    private static ExperimentSpec Spec { get; } = TinyExperiment.Spec with
    {
        Rules = ["backpropagation", "feedback-alignment", "kolen-pollack", "direct-feedback-alignment", "frozen-convolutions"],
        Network = new() { Layers = "1x28x28, conv 5x5 4 stride 2 relu, conv 3x3 3 stride 2 relu, dense 10" },
        Training = TinyExperiment.Spec.Training with { Keep = KeepIds.BestValidation },
    };

    public void Dispose() => _experiments.Dispose();

    /// <summary>Byte by byte what <c>weights.npz</c> has, and not what the network was at the end.</summary>
    [Fact]
    public void ARunRecordsTheKernelsThatAreKeptAndTheFeedbackWeightsIntoThem()
    {
        var (record, folder) = _experiments.Run(Spec);
        Assert.Equal(Spec.Rules.Count, record.Runs.Count);
        foreach (var run in record.Runs)
        {
            var name = $"{run.Rule}-1";
            var weights = TinyExperiment.Weights(folder, name);
            var kernels = run.Kernels!;
            AssertDraws(weights["hidden1.weights.npy"], kernels.Kept, "hidden1", 5, 1);
            Assert.Equal(record.Runs[0].Kernels!.Start.Pixels, kernels.Start.Pixels);
            Assert.Equal(run.Rule == "frozen-convolutions", kernels.Kept.Pixels.SequenceEqual(kernels.Start.Pixels));
            if (weights.GetValueOrDefault("feedback.hidden2-hidden1.npy") is { Rows: > 0 } feedback)
            {
                AssertDraws(feedback, kernels.Feedback!, "hidden2", 3, 4);
                AssertDraws(weights["hidden2.weights.npy"], kernels.Forward!, "hidden2", 3, 4);
            }
            else
            {
                Assert.Null(kernels.Feedback);
                Assert.Null(kernels.Forward);
            }

            var read = ArchivedExperiment.Read(Path.Combine(folder, "runs", name), RuleCatalog.Standard);
            Assert.Equal(TinyExperiment.Outcome(run), TinyExperiment.Outcome(Assert.Single(read.Runs)));
        }

        Assert.Equal(2, record.Runs.Count(run => run.Kernels!.Feedback is not null));
    }

    [Fact]
    public void ANetworkOfDenseLayersRecordsNoKernelsAndWritesNothingOfThem()
    {
        var (record, folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["shallow"] });
        Assert.Null(record.Runs[0].Kernels);
        Assert.DoesNotContain("kernels", File.ReadAllText(TinyExperiment.RunPath(folder, "shallow-1", "run.json")),
            StringComparison.Ordinal);
    }

    /// <summary>The many trials of a tuning: their weights are gone, and so are their kernels.</summary>
    [Fact]
    public void ARunThatKeepsNoWeightsKeepsNoKernels()
    {
        using var place = new TemporaryFolder();
        var (split, record, _, _) = TinyExperiment.Load(Spec);
        var run = TrainingRun.Train(
            SpecCompletion.Complete(Spec with { Rules = ["shallow"] }, record, Components.Standard), new RunKey("shallow", 1), split,
            new RunFolder(Place.Named(place.Path), keepsWeights: false), Components.Standard, 1, TimeProvider.System,
                new ExperimentKeeping(),
            new Nobody(), tests: true, TestContext.Current.CancellationToken);
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Null(run.Kernels);
    }

    /// <summary>
    /// The repeated kernel of direct feedback has a filter for each output. A matrix to every unit is no kernel, even where it has the
    /// numbers of one, as over a map of 3 × 3.
    /// </summary>
    [Theory]
    [InlineData("repeated-direct-feedback-alignment", 8, true)]
    [InlineData("direct-feedback-alignment", 8, false)]
    [InlineData("shared-direct-feedback-alignment", 8, false)]
    [InlineData("direct-feedback-alignment", 3, false)]
    public void DirectFeedbackIsDrawnWhereItIsAKernel(string rule, int side, bool isKernel)
    {
        var network = NetworkPlan.Parse($"2x{side}x{side}, conv 3x3 5 relu, conv 3x3 4 relu, dense 6").Build(3);
        var made = RuleCatalog.Standard.Get(rule).Create(new(network, Loss.SquaredError, 1, new RandomStreams(3)));
        var feedback = KernelPictures.Of(KernelPictures.OfFirstLayer(network), made)!.Feedback;
        Assert.Equal(isKernel, feedback is not null);
        if (isKernel)
        {
            AssertDraws(made.Feedback.First(path => path.To == 0).Weights, feedback!, "output", 3, 5);
        }
    }

    [Theory]
    [InlineData("3x8x8, conv 3x3 4, dense 2", true, 3, 4)]
    [InlineData("3x8x8, conv 3x3 70, dense 2", true, 3, 64)]
    [InlineData("1x8x8, conv 3x3 70, dense 2", false, 1, 64)]
    [InlineData("3x8x8, conv 3x3 6 groups 3, dense 2", false, 1, 6)]
    [InlineData("6x8x8, conv 3x3 6 groups 2, dense 2", false, 3, 6)]
    [InlineData("9x8x8, conv 3x3 20, dense 2", false, 8, 16)]
    [InlineData("2x1x9, conv 5 3, dense 2", false, 2, 3)]
    [InlineData("1x200x200, conv 150x150 4 padding 0, dense 2", false, 1, 2)]
    [InlineData("1x260x260, conv 259x259 1 padding 0, dense 2", false, 1, 0)]
    public void ColorsAreColorsAndOfMuchAPartIsRecorded(string plan, bool isColor, int channels, int filters)
    {
        var network = NetworkPlan.Parse(plan).Build(5);
        var record = KernelPictures.OfFirstLayer(network)!;
        var map = (ConvolutionMap)network.Layers[0].Map;
        Assert.Equal((isColor, channels, filters), (record.IsColor, record.ShownChannels, record.Greatest.Count));
        Assert.Equal((map.Options.Kernel.Height, map.Options.Kernel.Width), (record.Height, record.Width));
        Assert.Equal((map.Rows, map.Columns), (record.Filters, record.Height * record.Width * record.Channels));
        Assert.Equal(filters * channels * record.Height * record.Width, record.Pixels.Length);
        AssertPixels(network.Layers[0].Weights.Read(), record);
    }

    [Fact]
    public void WeightsThatAreNotFiniteAreNotDrawnAndZerosAreGray()
    {
        var network = NetworkPlan.Parse("1x4x4, conv 3x3 2, dense 2").Build(1);
        var weights = new Matrix(2, 9);
        network.Layers[0].Weights.Set(weights);
        var record = KernelPictures.OfFirstLayer(network)!;
        Assert.Equal([0, 0], record.Greatest);
        Assert.All(record.Pixels, pixel => Assert.Equal(128, pixel));

        weights[1, 4] = float.NaN;
        network.Layers[0].Weights.Set(weights);
        Assert.Null(KernelPictures.OfFirstLayer(network));
    }

    private static void AssertDraws(Matrix weights, KernelRecord record, string layer, int side, int channels)
    {
        Assert.Equal((layer, side, side, channels), (record.Layer, record.Height, record.Width, record.Channels));
        Assert.Equal(weights.Rows, record.Greatest.Count);
        AssertPixels(weights, record);
    }

    /// <summary>In loops of its own: rows are filters, columns kernel row, kernel column, channel.</summary>
    private static void AssertPixels(Matrix weights, KernelRecord record)
    {
        var place = 0;
        for (var filter = 0; filter < record.Greatest.Count; filter++)
        {
            var greatest = 0.0;
            for (var column = 0; column < weights.Columns; column++)
            {
                greatest = Math.Max(greatest, Math.Abs(weights[filter, column]));
            }

            Assert.Equal(greatest, record.Greatest[filter]);
            for (var row = 0; row < record.Height; row++)
            {
                for (var column = 0; column < record.Width; column++)
                {
                    for (var channel = 0; channel < record.ShownChannels; channel++)
                    {
                        var weight = weights[filter, (row * record.Width + column) * record.Channels + channel];
                        Assert.Equal(weight / greatest, (record.Pixels[place++] - 128) / 127.0, 0.5 / 127 + 1e-6);
                    }
                }
            }
        }
    }

    private sealed class Nobody : ExperimentObserver;
}
