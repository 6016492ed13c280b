using System.Collections.ObjectModel;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A part of a network: a layer with weights, an activation, a normalization, or several modules one after another. A module is exact: its
/// derivative has no choice in it and is the same under every rule. Only a <see cref="WeightedLayer"/> asks the rule what its error goes
/// through.
/// </summary>
/// <remarks>
/// A module has the parameters. What it computes for one batch lies in a <see cref="ModuleRun"/>, so that several passes over one network
/// do not disturb each other. A module of one's own derives from this class and has a run of its own.
/// </remarks>
public abstract class Module
{
    /// <summary>Names it and says what goes in and comes out.</summary>
    /// <param name="name">Its name in files, messages and random streams, e.g. <c>hidden1</c> or <c>block1/norm</c>.</param>
    /// <param name="from">The shape of one example's inputs.</param>
    /// <param name="to">The shape of one example's outputs.</param>
    /// <exception cref="ArgumentException">There is no name, or a shape is empty.</exception>
    protected Module(string name, Shape from, Shape to)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        RequireSize(from);
        RequireSize(to);
        (Name, From, To) = (name, from, to);

        static void RequireSize(Shape shape)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(shape.Height, 1, nameof(shape));
            ArgumentOutOfRangeException.ThrowIfLessThan(shape.Width, 1, nameof(shape));
            ArgumentOutOfRangeException.ThrowIfLessThan(shape.Channels, 1, nameof(shape));
        }
    }

    /// <summary>Its name in files, messages and random streams.</summary>
    public string Name { get; }

    /// <summary>The shape of one example's inputs.</summary>
    public Shape From { get; }

    /// <summary>The shape of one example's outputs.</summary>
    public Shape To { get; }

    /// <summary>What kind of module it is, in checkpoints; by default the name of its class.</summary>
    public virtual string Kind => GetType().Name;

    /// <summary>
    /// What its constructor was told besides shapes and children, number by number under names of its own; empty for most. A checkpoint is
    /// refused by a network with other settings.
    /// </summary>
    public virtual IReadOnlyDictionary<string, double> Settings => ReadOnlyDictionary<string, double>.Empty;

    /// <summary>The modules that it consists of, in the order in which their parameters are listed; empty for most.</summary>
    public virtual IReadOnlyList<Module> Children => [];

    /// <summary>What an optimizer moves: its own parameters and those of its children, in order.</summary>
    public virtual IEnumerable<Parameter> Parameters => Children.SelectMany(child => child.Parameters);

    /// <summary>
    /// What it remembers from training and uses in answers but no optimizer moves, as running statistics. Checkpoints and the kept best
    /// point contain it.
    /// </summary>
    public virtual IEnumerable<ModuleBuffer> Buffers => Children.SelectMany(child => child.Buffers);

    /// <summary>Whether it is a function that hidden units apply: after it, direct feedback brings its error.</summary>
    public virtual bool IsActivation => false;

    /// <summary>
    /// Whether it pools positions: where it follows an activation, direct feedback can bring its error after it instead.
    /// </summary>
    public virtual bool IsPooling => false;

    /// <summary>The fewest examples that a batch must have for the module to learn; 1 for most.</summary>
    public virtual int LeastBatch => Children.Select(child => child.LeastBatch).DefaultIfEmpty(1).Max();

    /// <summary>
    /// Whether an example's outputs depend on the other examples of the batch while the network learns, as under batch normalization.
    /// </summary>
    public virtual bool MixesExamples => Children.Any(child => child.MixesExamples);

    /// <summary>
    /// What stands for it in an ONNX model, one operator after another, each on the latest value; null: it cannot be exported to one.
    /// </summary>
    public virtual IReadOnlyList<OnnxOperator>? Onnx => null;

    /// <summary>Makes the room that one pass needs. All memory is taken here; a step takes none.</summary>
    /// <param name="setup">The batch size, the random streams, and the runs of its children.</param>
    public abstract ModuleRun Begin(RunSetup setup);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {From}-{To}";

    /// <summary>Adds its settings, and those of its children, to the identity of a training.</summary>
    internal void Identify(Identity identity)
    {
        var own = identity.In(Name);
        own.Add(Identity.Kind, Kind);
        own.Add("shapes", $"{From}-{To}");
        if (this is ActivationModule { Activation.Fingerprint: { } function })
        {
            own.Add("values", function);
        }

        foreach (var (name, value) in Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            own.Add(name, value);
        }

        own.Add("children", Children.Select(child => child.Name));
        foreach (var child in Children)
        {
            child.Identify(identity);
        }
    }
}

/// <summary>Numbers that a module remembers and that no optimizer moves.</summary>
/// <param name="Name">Name in files and messages, e.g. <c>block1/norm.running-mean</c>.</param>
/// <param name="Values">1 × channels.</param>
public sealed record ModuleBuffer(string Name, Matrix Values);
