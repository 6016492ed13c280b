using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// A kind of module as a catalog knows it: its word in a plan, the numbers behind the word, what it keeps, and how it is made. What an
/// entry says is held against each module that it makes. <see cref="ModuleEntry{TModule}"/> makes one.
/// </summary>
public abstract class ModuleEntry : ICatalogEntry
{
    private protected ModuleEntry(string id, string summary, Type kind) => (Id, Summary, Class, NamePrefix) = (id, summary, kind, id);

    /// <summary>The modules of this library that a plan names by a word, besides dense layers, activations and residual blocks.</summary>
    public static Catalog<ModuleEntry> Standard { get; } = new(
        "module", BatchNorm.Entry, LayerNorm.Entry, Dropout.Entry, MaxPool.Entry, AveragePool.Entry, GlobalAveragePool.Entry, Flatten.Entry,
        PadShortcut.Entry);

    /// <summary>Its word in plans.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <summary>The numbers that stand behind its word, in their order; those that must be given come first.</summary>
    public IReadOnlyList<ModuleArgument> Arguments
    {
        get;
        init => field = value.SkipWhile(argument => argument.IsRequired).Any(argument => argument.IsRequired)
            ? throw new ArgumentException($"the arguments of {Id} that must be given have to come first", nameof(value)) : value;
    } = [];

    /// <summary>What its modules are called, followed by a number: <c>norm</c> for <c>norm1</c>, <c>norm2</c>; by default its id.</summary>
    public string NamePrefix { get; init; }

    /// <summary>The fewest examples that a batch must have for it to learn; by default 1.</summary>
    public Func<PlannedModule, int> LeastBatch { get; init; } = _ => 1;

    /// <summary>
    /// Whether it takes pictures only. Other modules get a picture as it is, or as units in a row, if that is what they are made for.
    /// </summary>
    public bool NeedsPicture { get; init; }

    /// <summary>The shape of its output; by default that of its input.</summary>
    public Func<PlannedModule, Shape> Outputs { get; init; } = module => module.From;

    /// <summary>Its parameters, in their order; by default none. Their names are the module's, a dot and the part.</summary>
    public Func<PlannedModule, IEnumerable<ModuleTensor>> Parameters { get; init; } = _ => [];

    /// <summary>Its buffers, in their order; by default none. Their names are the module's, a dot and the part.</summary>
    public Func<PlannedModule, IEnumerable<ModuleTensor>> Buffers { get; init; } = _ => [];

    /// <summary>What is wrong with a module at its place, as <c>needs an even number of units</c>; null: nothing.</summary>
    public Func<PlannedModule, string?> Objection { get; init; } = _ => null;

    /// <summary>The class of its modules.</summary>
    internal Type Class { get; }

    /// <summary>How the arguments stand behind its word; by default one number after another.</summary>
    internal ModuleWords Words { get; init; } = ModuleWords.Numbers;

    /// <summary>How it is written in a plan, for help: <c>dropout PROBABILITY</c>, <c>gain [START]</c>.</summary>
    internal string Usage => Words.Usage(this);

    /// <summary>An example of it in a plan.</summary>
    internal string Example => Words.Example(this);

    /// <summary>Reads the words behind its own, or says what is wrong.</summary>
    /// <param name="words">What stands behind it.</param>
    /// <param name="from">The shape of its input.</param>
    /// <param name="mistake">What is wrong, where the method gives null.</param>
    internal IReadOnlyList<double>? Read(ReadOnlySpan<string> words, Shape from, out string mistake)
        => Words.Read(this, words, from, out mistake);

    /// <summary>The module in a word of the plan, without what is as it is by default.</summary>
    internal string Write(PlannedModule module) => string.Join(' ', Words.Write(module).Prepend(Id));

    /// <summary>The arguments of a module that may be one of its own; null: it is of another class.</summary>
    internal IReadOnlyList<double>? ArgumentsOf(Module module) => module.GetType() != Class ? null
        : [.. Arguments.Select(argument => module.Settings.GetValueOrDefault(argument.Id, argument.Default))];

    /// <summary>Makes the module, and holds against it what the entry says.</summary>
    /// <exception cref="InvalidOperationException">The module is another one than the entry says.</exception>
    internal Module Build(ModuleNode node, RandomStreams streams)
    {
        var module = Create(node.Module, streams);
        Require("name", node.Name, module.Name);
        Require("class", Class.Name, module.GetType().Name);
        RequireShape("input", node.From, module.From);
        RequireShape("output", node.To, module.To);
        Require("least batch", node.LeastBatch, module.LeastBatch);
        RequireAll("parameters", node.Parameters, module.Parameters.Select(one => (one.Name, one.Rows, one.Columns)));
        RequireAll("buffers", node.Buffers, module.Buffers.Select(one => (one.Name, one.Values.Rows, one.Values.Columns)));
        foreach (var (argument, value) in Arguments.Zip(node.Module.Arguments))
        {
            Require($"setting {argument.Id}", value, module.Settings.TryGetValue(argument.Id, out var set) ? set : "missing");
        }

        return Network.All(module).OfType<WeightedLayer>().FirstOrDefault() is not { } layer ? module
            : throw new InvalidOperationException(
                $"the module {Id} has a layer with weights in it, {layer.Name}, of which its plan would not know; write a row of modules");

        void Require(string what, object said, object made)
        {
            if (!said.Equals(made))
            {
                throw new InvalidOperationException(FormattableString.Invariant(
                    $"the module {Id} is not as its entry says: the {what} of {node.Name} must be {said}, was {made}"));
            }
        }

        // A module of units in a row may take a picture as such.
        void RequireShape(string what, Shape said, Shape made) => Require(what, said, made.Fits(said) ? said : made);

        void RequireAll(string what, IEnumerable<ModuleTensor> said, IEnumerable<(string Name, int Rows, int Columns)> made)
            => Require(
                what,
                string.Join(", ", said.Select(tensor => $"{node.Name}.{tensor.Part} {tensor.Rows} × {tensor.Columns}")),
                string.Join(", ", made.Select(tensor => $"{tensor.Name} {tensor.Rows} × {tensor.Columns}")));
    }

    /// <summary>Makes the module.</summary>
    private protected abstract Module Create(PlannedModule module, RandomStreams streams);
}

/// <summary>A kind of module whose class is known.</summary>
/// <typeparam name="TModule">The class of its modules.</typeparam>
/// <param name="id">Its word in plans: lower-case words joined by hyphens.</param>
/// <param name="summary">What it is, in one line.</param>
/// <param name="create">
/// Makes the module. Its <see cref="Module.Settings"/> have all arguments under their ids. Initial numbers that it draws come from the
/// streams, by names that begin with <see cref="RandomStreams.Weights"/> and a slash and have the module's name in them.
/// </param>
public sealed class ModuleEntry<TModule>(string id, string summary, Func<PlannedModule, RandomStreams, TModule> create)
    : ModuleEntry(id, summary, typeof(TModule))
    where TModule : Module
{
    private protected override Module Create(PlannedModule module, RandomStreams streams) => create(module, streams);
}
