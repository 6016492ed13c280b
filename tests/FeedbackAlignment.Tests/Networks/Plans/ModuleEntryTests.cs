using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using YourOwnModule;

namespace FeedbackAlignment.Tests.Networks.Plans;

/// <summary>What holds for every module of a catalog, ours and one's own.</summary>
public sealed class ModuleEntryTests
{
    private static readonly ModuleArgument _offset = new("offset", 0, "What is added at the beginning.") { AtLeast = -1, AtMost = 1 };

    private static readonly NetworkParts _parts = new(
        Activation.Standard.With(Softsign.Activation),
        ModuleEntry.Standard.With(Gain.Entry, Entry("mix-2", (planned, streams) => new Mix(planned, streams))));

    public static TheoryData<string> Ids() => [.. _parts.Modules.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void ItsWordsReadAndBuildAndAreWrittenTheSameWay(string id)
    {
        var entry = _parts.Modules.Get(id);
        var plan = NetworkPlan.Parse(Text(entry), _parts);
        Assert.Equal(plan.ToString(), NetworkPlan.Parse(plan.ToString(), _parts).ToString());
        var network = plan.Build(seed: 3);
        Assert.Equal(plan.ToString(), NetworkPlan.Of(network).ToString());
        Assert.Equal(network.Size, plan.CountParameters());
        Assert.Equal(network.Buffers.Sum(buffer => (long)buffer.Values.Rows * buffer.Values.Columns), plan.CountBuffers());
        Assert.Equal(network.Root.LeastBatch, plan.LeastBatch);
        Assert.Equal(2, plan.Nodes.Count(node => node is ModuleNode));
        Assert.Contains($"there are dense, conv, {string.Join(", ", _parts.Modules.Ids)}, residual",
            Mistake("6, dense 5, nothing, dense 3"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void ItGoesToAFileAndBackUnderEitherNaming(string id)
    {
        var entry = _parts.Modules.Get(id);
        var network = NetworkPlan.Parse(Text(entry), _parts).Build(4);
        foreach (var parameter in network.Parameters)
        {
            parameter.Draw(WeightDistribution.Normal(1), new RandomStreams(5).Stream(parameter.Name));
        }

        foreach (var buffer in network.Buffers)
        {
            WeightDistribution.Uniform(0.1).Draw(buffer.Values, new RandomStreams(6).Stream(buffer.Name));
            Some.ForEach(buffer.Values, (row, column) => buffer.Values[row, column] += 1);
        }

        foreach (var naming in Enum.GetValues<TensorNaming>())
        {
            using var stream = new MemoryStream();
            network.Save(stream, naming);
            stream.Position = 0;
            var loaded = Network.Load(stream, "m", parts: _parts);
            Some.AssertSameBits(Some.Copies(network.Parameters), Some.Copies(loaded.Parameters));
            Some.AssertSameBits([.. network.Buffers.Select(one => one.Values)], [.. loaded.Buffers.Select(one => one.Values)]);
            Some.AssertSameBits(network.Predict(Some.Matrix(4, network.Inputs, 1)), loaded.Predict(Some.Matrix(4, network.Inputs, 1)));
        }
    }

    [Fact]
    public void WhatIsAsItIsByDefaultIsLeftOut()
    {
        Assert.Equal("4, dense 3, gain, relu, gain 0.5, dense 2",
            NetworkPlan.Parse("4, dense 3, gain 1.0, relu, gain 5e-1, dense 2", _parts).ToString());
        var network = NetworkPlan.Parse("4, dense 3, gain 0.25, dense 2", _parts).Build(1);
        Assert.Equal(
            [0.25f, 0.25f, 0.25f], network.Parameters.Single(parameter => parameter.Name == "gain1.factors").Read().Row(0).ToArray());
    }

    [Theory]
    [InlineData("gain 1 2", "item 3 \"gain 1 2\" must be written as gain [START], e.g. gain 1")]
    [InlineData("gain 0", "item 3 \"gain 0\" has a wrong start, which must be > 0, e.g. gain 1")]
    [InlineData("gain x", "item 3 \"gain x\" has a wrong start, which must be > 0, e.g. gain 1")]
    [InlineData("gain(dense 3)", "item 3 \"gain(…)\" cannot have parentheses; only residual has")]
    [InlineData("mix-2 2", "item 3 \"mix-2 2\" has a wrong offset, which must be ≥ -1 and ≤ 1, e.g. mix-2 0")]
    public void AMistakeInItsNumbersIsOneLine(string words, string mistake)
        => Assert.Contains(mistake, Mistake($"4, dense 3, {words}, dense 2"), StringComparison.Ordinal);

    [Fact]
    public void WhatAPlaceDoesNotSuitIsSaid()
    {
        Assert.Contains("\"gain\" learns but stands before the first layer with weights", Mistake("4, gain, dense 2"), StringComparison.Ordinal);
        Assert.Contains("\"mix-2\" needs at least 2 units", Mistake("4, dense 1, mix-2, dense 2"), StringComparison.Ordinal);
        Assert.Contains("has mix-2-1.matrix with 50000 × 50000 numbers",
            Mistake("4, dense 50000, mix-2, dense 2"), StringComparison.Ordinal);
    }

    /// <summary>What an entry says goes into plans, memory and files before there is a module; so it must be true.</summary>
    [Theory]
    [InlineData("name", "the name of bad1 must be bad1, was other")]
    [InlineData("width", "the output of bad1 must be 4, was 3")]
    [InlineData("parameters", "the parameters of bad1 must be bad1.factor 1 × 3, was bad1.factors 1 × 3")]
    [InlineData("buffers", "the buffers of bad1 must be bad1.mean 1 × 3, was ")]
    [InlineData("least batch", "the least batch of bad1 must be 2, was 1")]
    [InlineData("setting", "the setting begin of bad1 must be 1, was missing")]
    public void AModuleThatIsNotAsItsEntrySaysIsRefused(string what, string mistake)
    {
        var begin = new ModuleArgument("begin", 1, "Another name.");
        IEnumerable<ModuleTensor> Factors(PlannedModule planned) => [new("factors", 1, planned.Inputs)];
        Gain Make(PlannedModule planned, RandomStreams streams) => new(planned.Name, planned.Inputs, 1);
        ModuleEntry entry = what switch
        {
            "name" => new ModuleEntry<Gain>("bad", "Bad.", (planned, _) => new Gain("other", planned.Inputs, 1)) { Parameters = Factors },
            "width" => new ModuleEntry<Gain>("bad", "Bad.", Make) { Parameters = Factors, Outputs = _ => Shape.Flat(4) },
            "parameters" => new ModuleEntry<Gain>("bad", "Bad.", Make) { Parameters = planned => [new("factor", 1, planned.Inputs)] },
            "buffers" => new ModuleEntry<Gain>("bad", "Bad.", Make)
            {
                Parameters = Factors,
                Buffers = planned => [new("mean", 1, planned.Inputs)],
            },
            "least batch" => new ModuleEntry<Gain>("bad", "Bad.", Make) { Parameters = Factors, LeastBatch = _ => 2 },
            _ => new ModuleEntry<Gain>("bad", "Bad.", Make) { Parameters = Factors, Arguments = [begin] },
        };
        var plan = NetworkPlan.Parse("4, dense 3, bad, dense 2", new(Activation.Standard, ModuleEntry.Standard.With(entry)));
        Assert.StartsWith(
            $"the module bad is not as its entry says: {mistake}",
            Assert.Throws<InvalidOperationException>(() => plan.Build(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWordHasOneMeaning()
    {
        foreach (var word in (string[])["dense", "conv", "stride", "lenet5", "residual", "hidden", "tanh"])
        {
            Refused(word, Activation.Standard, ModuleEntry.Standard.With(Entry(word, (planned, streams) => new Mix(planned, streams))));
        }

        foreach (var word in (string[])["dense", "conv", "padding", "residual", "hidden", "dropout", "norm", "pool"])
        {
            Refused(word, Activation.Standard.With(Activation.Create(word, "z.", z => z, _ => 1)), ModuleEntry.Standard);
        }

        static void Refused(string word, Catalog<Activation> activations, Catalog<ModuleEntry> modules)
            => Assert.StartsWith($"\"{word}\" would mean two things in a plan",
                Assert.Throws<ArgumentException>(() => new NetworkParts(activations, modules)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnArgumentThatMustBeGivenComesFirst()
        => Assert.Throws<ArgumentException>(() => new ModuleEntry<Gain>("late", "Late.", (_, _) => new Gain("x", 1, 1))
        {
            Arguments = [new("a", 1, "May be given."), new("b", 1, "Must be given.") { IsRequired = true }],
        });

    /// <summary>Otherwise a network that nobody can build again would be saved.</summary>
    [Fact]
    public void AModuleThatNoCatalogHasCannotBeSaved()
    {
        var network = NetworkPlan.Parse("4, dense 3, gain, dense 2", _parts).Build(1);
        var alone = new Network(network.Root, network.Compute);
        Assert.StartsWith("no plan describes gain1: 3-3 (Gain)",
            Assert.Throws<NotSupportedException>(() => alone.Save(new MemoryStream())).Message, StringComparison.Ordinal);
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        Assert.Contains("\"gain\" is no module; there are dense, conv, batch-norm",
            Assert.Throws<DataFormatException>(() => Network.Load(stream, "m")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InitialNumbersComeFromTheSeed()
    {
        var plan = NetworkPlan.Parse("4, dense 3, mix-2, mix-2 0.5, dense 2", _parts);
        Some.AssertSameBits(Some.Copies(plan.Build(1).Parameters), Some.Copies(plan.Build(1).Parameters));
        var (one, other) = (plan.Build(1).Parameters, plan.Build(2).Parameters);
        Assert.False(Some.SameBits(one[2].Read(), other[2].Read()));
        Assert.False(Some.SameBits(one[2].Read(), one[3].Read()));
        Assert.Equal("mix-2-1.matrix", one[2].Name);
    }

    /// <summary>A network with the module twice: among units in a row, or among pictures if it takes them only.</summary>
    private static string Text(ModuleEntry entry) => entry.NeedsPicture
        ? $"2x8x8, conv 3x3 4, relu, residual({entry.Example} | {entry.Example}), dense 3"
        : $"6, dense 5, {entry.Example}, relu, residual({entry.Example}, dense 5), dense 3";

    private static string Mistake(string text)
    {
        Assert.False(NetworkPlan.TryParse(text, _parts, out _, out var mistake));
        Assert.DoesNotContain('\n', mistake);
        return mistake;
    }

    private static ModuleEntry<Mix> Entry(string id, Func<PlannedModule, RandomStreams, Mix> create) => new(id, "Mixes units.", create)
    {
        Arguments = [_offset],
        Parameters = planned => [new("matrix", planned.Inputs, planned.Inputs)],
        Buffers = planned => [new("last-seen", 1, planned.Inputs)],
        Objection = planned => planned.Inputs > 1 ? null : "needs at least 2 units",
    };

    /// <summary>y = x M: a matrix of its own, drawn; it only answers.</summary>
    private sealed class Mix : Module
    {
        private readonly Parameter _matrix;
        private readonly double _given;

        public Mix(PlannedModule planned, RandomStreams streams)
            : base(planned.Name, Shape.Flat(planned.Inputs), Shape.Flat(planned.Inputs))
        {
            _given = planned.Argument(_offset);
            _matrix = new($"{Name}.matrix", ParameterKind.Scale, new Matrix(planned.Inputs, planned.Inputs));
            _matrix.Draw(WeightDistribution.Uniform(1), streams.Stream($"{RandomStreams.Weights}/{Name}"));
            Buffers = [new($"{Name}.last-seen", new Matrix(1, planned.Inputs))];
        }

        public override IEnumerable<Parameter> Parameters => [_matrix];

        public override IEnumerable<ModuleBuffer> Buffers { get; }

        public override IReadOnlyDictionary<string, double> Settings => new Dictionary<string, double> { ["offset"] = _given };

        public override ModuleRun Begin(RunSetup setup) => new Run(_matrix.Read(), new Matrix(setup.MaxBatch, To.Size));

        private sealed class Run(Matrix matrix, Matrix output) : ModuleRun
        {
            public override void Forward(Matrix input, PassMode mode)
            {
                Output = output.Top(input.Rows);
                Some.ForEach(Output, (row, column) => Output[row, column]
                    = Enumerable.Range(0, matrix.Rows).Sum(from => input[row, from] * matrix[from, column]));
            }

            public override Matrix Backward(Matrix error, Walk walk, bool isWanted) => throw new NotSupportedException();
        }
    }
}
