using System.Diagnostics.CodeAnalysis;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A tree of modules that ends with a layer with weights; most often layers one after another. It has no learning rule; rules are given a
/// network.
/// </summary>
public sealed partial class Network
{
    /// <summary>The name of the output layer that <see cref="NetworkPlan"/> makes.</summary>
    internal const string OutputName = "output";

    private readonly PassPool _passes;
    private int _trainings;

    /// <summary>Puts layers in a row.</summary>
    /// <param name="layers">From input to output; each as wide as the next one's input.</param>
    /// <param name="compute">Does the products; the layers' own.</param>
    /// <param name="dynamics">How its units fire; null: an ordinary network, which answers at once.</param>
    /// <exception cref="ArgumentException">
    /// There are no layers, two neighbors do not fit, two layers have one name, or the dynamics do not suit the layers.
    /// </exception>
    public Network(IReadOnlyList<WeightedLayer> layers, Compute compute, SpikingDynamics? dynamics = null)
        : this(Row(layers), compute, dynamics)
    {
    }

    /// <summary>Makes a network of modules.</summary>
    /// <param name="root">All modules; the last is a layer with weights, the output layer.</param>
    /// <param name="compute">Does the products; the modules' own.</param>
    /// <exception cref="ArgumentException">
    /// The last module is no layer with weights, a module that learns stands before the first one, or two modules have one name.
    /// </exception>
    public Network(Sequence root, Compute compute)
        : this(root, compute, dynamics: null)
    {
    }

    private Network(Sequence root, Compute compute, SpikingDynamics? dynamics)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(compute);
        if (root.Children[^1] is not WeightedLayer)
        {
            throw new ArgumentException(
                $"a network must end with a layer with weights, its output layer; this one ends with {root.Children[^1]}", nameof(root));
        }

        (Root, Index, Compute, Dynamics) = (root, new NetworkIndex(root), compute, dynamics);
        IsChain = root.Children.All(module => module is WeightedLayer { Map: DenseMap });
        RequireOwnNames();
        RequireWeightsFirst();
        dynamics?.RequireFit(Layers);
        Parameters = [.. root.Parameters];
        Buffers = [.. root.Buffers];
        _passes = new PassPool(this);
    }

    /// <summary>All modules.</summary>
    public Sequence Root { get; }

    /// <summary>All layers with weights, from input to output; the last is the output layer.</summary>
    public IReadOnlyList<WeightedLayer> Layers => Index.Layers;

    /// <summary>Whether it is nothing but dense layers, one after another.</summary>
    public bool IsChain { get; }

    /// <summary>All that an optimizer can move, from input to output.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What modules remember from training besides their parameters, as running statistics.</summary>
    public IReadOnlyList<ModuleBuffer> Buffers { get; }

    /// <summary>Does the products.</summary>
    public Compute Compute { get; }

    /// <summary>
    /// The activations and modules that its plan can name: those of the plan that it was made of, else those of the library. A network with
    /// modules of one's own can be saved if they are here.
    /// </summary>
    public NetworkParts Parts { get; init; } = NetworkParts.Standard;

    /// <summary>How its units fire; null: an ordinary network, which answers at once.</summary>
    public SpikingDynamics? Dynamics { get; }

    /// <summary>Width of the input.</summary>
    public int Inputs => Root.From.Size;

    /// <summary>Width of the output.</summary>
    public int Outputs => Root.To.Size;

    /// <summary>Its layers and sites.</summary>
    internal NetworkIndex Index { get; }

    /// <summary>Number of weights and biases, those of missing connections included.</summary>
    public long Size => Parameters.Sum(parameter => (long)parameter.Rows * parameter.Columns);

    /// <summary>Makes a network of dense layers, e.g. <c>Network.Mlp("784-1000-10", seed: 1)</c>.</summary>
    /// <param name="sizes">Layer sizes from input to output, joined by <c>-</c>.</param>
    /// <param name="seed">Root seed; the initial weights are drawn from its stream <c>weights</c>.</param>
    /// <param name="options">
    /// Activations, biases, initial weights, connections, dynamics; null: as <see cref="MlpOptions"/> has them by default.
    /// </param>
    /// <param name="compute">Does the products; null: one thread.</param>
    /// <exception cref="FormatException"><paramref name="sizes"/> are not such as <see cref="ParseSizes"/> reads.</exception>
    /// <exception cref="ArgumentException">
    /// No layer has a name that <see cref="MlpOptions.Connectivity"/> has, a layer has too few inputs for it, or the dynamics do not suit
    /// the layers.
    /// </exception>
    public static Network Mlp(string sizes, ulong seed, MlpOptions? options = null, Compute? compute = null)
        => NetworkPlan.OfSizes(ParseSizes(sizes)).Build(seed, options, compute);

    /// <summary>
    /// The names of the layers that <see cref="Mlp"/> makes, from the first on: <c>hidden1</c>, <c>hidden2</c> … <c>output</c>.
    /// </summary>
    /// <param name="layers">Number of layers, ≥ 1: one less than there are sizes.</param>
    public static IReadOnlyList<string> LayerNames(int layers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        return [.. Enumerable.Range(1, layers).Select(number => number == layers ? OutputName : $"hidden{number}")];
    }

    /// <summary>
    /// What the network answers to inputs as it was trained on: it standardizes nothing; <see cref="Exchange.TrainedModel"/> does.
    /// Several threads may ask at once, as long as none is training it. Asking again takes no memory but the answer's.
    /// </summary>
    /// <param name="inputs">examples × inputs, in either order.</param>
    /// <returns>
    /// examples × outputs, the caller's own: the outputs of the last layer. Where a cross-entropy loss was used these are logits;
    /// <see cref="PredictProbabilities"/> makes probabilities of them.
    /// </returns>
    /// <exception cref="ArgumentException">The inputs have the wrong width.</exception>
    public Matrix Predict(Matrix inputs)
    {
        var answers = Matrix.Movable(inputs.Rows, Outputs);
        Predict(inputs, answers);
        return answers;
    }

    /// <summary>The same into a matrix of the caller's: asking again takes no memory at all.</summary>
    /// <param name="inputs">examples × inputs, in either order.</param>
    /// <param name="answers">examples × outputs, row-major; receives the outputs of the last layer.</param>
    /// <exception cref="ArgumentException">A matrix has the wrong shape, or the answers are column-major.</exception>
    public void Predict(Matrix inputs, Matrix answers)
    {
        inputs.RequireShape(inputs.Rows, Inputs, nameof(inputs));
        answers.RequireShape(inputs.Rows, Outputs, nameof(answers));
        answers.RequireRowMajor(nameof(answers));

        // In a spiking network an example's random numbers depend on the examples before it: they must stay together.
        var portion = Dynamics is null && inputs.Order == MatrixOrder.RowMajor ? PassPool.Portion : Math.Max(1, inputs.Rows);
        for (var start = 0; start < inputs.Rows; start += portion)
        {
            var count = Math.Min(portion, inputs.Rows - start);
            var pass = _passes.Take(count);
            answers.Slice(start, count).CopyFrom(pass.Answer(inputs.Slice(start, count)));
            _passes.Return(pass);
        }
    }

    /// <summary>Says that a training begins; two at once would write into each other's weights.</summary>
    /// <exception cref="InvalidOperationException">One is going on.</exception>
    internal void BeginTraining()
    {
        if (Interlocked.Exchange(ref _trainings, 1) != 0)
        {
            throw new InvalidOperationException(
                "this network is already being trained; wait until that training ends, or train another network");
        }
    }

    /// <summary>Says that the training has ended.</summary>
    internal void EndTraining() => Volatile.Write(ref _trainings, 0);

    /// <summary>Adds its settings to the identity of a training. Initial weights are none: a state has its own.</summary>
    internal void Identify(Identity identity)
    {
        identity.Add("layers", Layers.Select(layer => layer.Name));
        foreach (var layer in Layers)
        {
            layer.IdentifyLayer(identity.In(layer.Name));
        }

        if (!IsChain)
        {
            Root.Identify(identity.In("modules"));
        }

        var dynamics = identity.In("dynamics");
        dynamics.Add(Identity.Kind, Dynamics is null ? "instant" : "spiking");
        Dynamics?.Identify(dynamics);
    }

    /// <summary>Makes room to run the network forward.</summary>
    /// <param name="maxBatch">The most examples in a batch, ≥ 1.</param>
    /// <param name="streams">The training's random numbers; null for a pass that only answers.</param>
    public ForwardPass CreatePass(int maxBatch, RandomStreams? streams = null)
        => Dynamics is null ? new InstantPass(this, maxBatch, streams) : new SpikingPass(this, Dynamics, maxBatch);

    /// <summary>Refuses a network that is more than layers one after another, for somebody who can deal with no other.</summary>
    /// <param name="who">Who, in prose: the beginning of the message.</param>
    /// <exception cref="ArgumentException">It is more.</exception>
    internal void RequireChain(string who)
    {
        if (!IsChain)
        {
            var other = Root.Children.First(module => module is not WeightedLayer { Map: DenseMap });
            throw new ArgumentException($"{who} needs a network of dense layers one after another; this one also has {other}");
        }
    }

    /// <summary>Reads sizes such as <c>784-1000-10</c>, or <c>784-100x240-10</c> with a hundred layers alike.</summary>
    /// <param name="sizes">Two or more positive integers joined by <c>-</c>.</param>
    /// <exception cref="FormatException">They are not; the message names the part that is wrong.</exception>
    public static int[] ParseSizes(string sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return TryParseSizes(sizes, out var parsed, out var mistake) ? parsed : throw new FormatException(mistake);
    }

    /// <summary>Reads sizes such as <c>784-1000-10</c> or <c>784-100x240-10</c>, or says why not.</summary>
    /// <param name="text">Two or more positive integers joined by <c>-</c>.</param>
    /// <param name="sizes">The sizes, if the text is right.</param>
    /// <param name="mistake">Otherwise one line on what is wrong, beginning with the text.</param>
    public static bool TryParseSizes(string text, [NotNullWhen(true)] out int[]? sizes, [NotNullWhen(false)] out string? mistake) => LayerSizes.TryParse(text, out sizes, out mistake);

    /// <summary>A module and all in it.</summary>
    internal static IEnumerable<Module> All(Module module) => module.Children.SelectMany(All).Prepend(module);

    private static Sequence Row(IReadOnlyList<WeightedLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return layers.Count > 0 ? new Sequence("network", layers)
            : throw new ArgumentException("a network needs at least one layer", nameof(layers));
    }

    /// <summary>
    /// What learns before the first layer with weights would need an error that has crossed them, and no rule has feedback weights there.
    /// </summary>
    private void RequireWeightsFirst()
    {
        if (Leaves(Root).TakeWhile(module => module is not WeightedLayer).FirstOrDefault(module => module.Parameters.Any()) is { } early)
        {
            throw new ArgumentException(
                $"{early} learns but stands before the first layer with weights, where no rule brings an error; put it behind that layer");
        }

        static IEnumerable<Module> Leaves(Module module) => module.Children.Count == 0 ? [module] : module.Children.SelectMany(Leaves);
    }

    /// <summary>Files and random streams go by names: two layers of one name would get the same feedback weights.</summary>
    private void RequireOwnNames()
    {
        if (All(Root).GroupBy(module => module.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            var what = twice.All(module => module is WeightedLayer) ? "layers" : "modules";
            throw new ArgumentException($"{twice.Count()} {what} are called \"{twice.Key}\"; each needs its own name");
        }
    }
}
