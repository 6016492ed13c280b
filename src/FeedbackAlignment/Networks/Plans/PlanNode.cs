using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>A module of a plan.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="From">The shape of its input.</param>
/// <param name="To">The shape of its output.</param>
internal abstract record PlanNode(string Name, Shape From, Shape To)
{
    /// <summary>The rows of modules in it.</summary>
    public virtual IReadOnlyList<IReadOnlyList<PlanNode>> Inside => [];

    /// <summary>It and all in it, in forward order.</summary>
    public IEnumerable<PlanNode> All => Inside.SelectMany(row => row).SelectMany(node => node.All).Prepend(this);

    /// <summary>The fewest examples in a batch that it can learn from.</summary>
    public virtual int LeastBatch => 1;

    /// <summary>
    /// What it keeps itself: weights, scales, running statistics. Biases are not among them, for the options say whether there are any.
    /// </summary>
    public virtual IEnumerable<(string Name, int Rows, int Columns)> Tensors => [];

    /// <summary>
    /// What its parameters and buffers are called behind its name, here and in PyTorch, in their order; biases too, whether or not there
    /// are any.
    /// </summary>
    public virtual IReadOnlyList<(string Own, string PyTorch)> Parts => [];

    /// <summary>Makes the module.</summary>
    public abstract Module Build(PlanBuilder builder);
}

/// <summary>A layer with weights; without an activation the options say it.</summary>
internal abstract record LayerNode(string Name, Shape From, Shape To, Activation? Activation) : PlanNode(Name, From, To)
{
    /// <summary>Rows of the weights.</summary>
    public abstract int Rows { get; }

    /// <summary>Columns of the weights.</summary>
    public abstract int Columns { get; }

    /// <summary>What the size of initial weights depends on.</summary>
    public abstract Fans Fans { get; }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, int Rows, int Columns)> Tensors => [($"{Name}.weights", Rows, Columns)];

    /// <inheritdoc/>
    public override IReadOnlyList<(string Own, string PyTorch)> Parts => [("weights", "weight"), ("biases", "bias")];

    /// <summary>How its weights connect inputs and units.</summary>
    public abstract LinearMap Map(Compute compute);

    /// <inheritdoc/>
    public override Module Build(PlanBuilder builder) => builder.Layer(this);

    /// <summary>The activation behind the other words.</summary>
    protected string Behind => Activation is null || Activation == Activation.Linear ? "" : $" {Activation}";
}

/// <summary><c>dense 256 relu</c>; it takes a picture as a row of units.</summary>
internal sealed record DenseNode(string Name, Shape From, int Units, Activation? Activation)
    : LayerNode(Name, From, Shape.Flat(Units), Activation)
{
    public override int Rows => Units;

    public override int Columns => From.Size;

    public override Fans Fans => new(Columns, Rows);

    public override LinearMap Map(Compute compute) => new DenseMap(Columns, Rows, compute);

    public override string ToString() => $"{NetworkParts.Dense} {Units}{Behind}";
}

/// <summary><c>conv 3x3 32 stride 2 relu</c>.</summary>
internal sealed record ConvNode(string Name, Shape From, int Filters, ConvolutionOptions Options, Activation? Activation)
    : LayerNode(Name, From, OutputOf(From, Filters, Options), Activation)
{
    public override int Rows => Filters;

    public override int Columns => Options.Kernel.Height * Options.Kernel.Width * (From.Channels / Options.Groups);

    public override Fans Fans => new(Columns, Options.Kernel.Height * Options.Kernel.Width * (Filters / Options.Groups));

    public override LinearMap Map(Compute compute) => new ConvolutionMap(From, Filters, Options, compute);

    public override string ToString() => $"{ConvolutionWords.Write(From, Filters, Options)}{Behind}";

    private static Shape OutputOf(Shape from, int filters, ConvolutionOptions options)
    {
        var (height, width) = options.Geometry(from, filters).Output;
        return new(height, width, filters);
    }
}

/// <summary><c>3x32x32</c> at the beginning: pictures come channel by channel, and become positions × channels.</summary>
internal sealed record PlanesNode(Shape Picture) : PlanNode(FromPlanes.DefaultName, Shape.Flat(Picture.Size), Picture)
{
    public override Module Build(PlanBuilder builder) => new FromPlanes(Name, Picture);

    public override string ToString() => Picture.InPlan;
}

/// <summary><c>relu</c>, where it belongs to no layer.</summary>
internal sealed record ActivationNode(string Name, Shape Shape, Activation Activation) : PlanNode(Name, Shape, Shape)
{
    public override Module Build(PlanBuilder builder) => new ActivationModule(Name, Shape, Activation);

    public override string ToString() => Activation.Id;
}

/// <summary>A module of a catalog: <c>batch-norm</c>, <c>dropout 0.2</c>.</summary>
internal sealed record ModuleNode(PlannedModule Module) : PlanNode(Module.Name, Module.From, Module.Entry.Outputs(Module))
{
    /// <summary>Its line in the catalog.</summary>
    public ModuleEntry Entry => Module.Entry;

    public override int LeastBatch => Entry.LeastBatch(Module);

    public IReadOnlyList<ModuleTensor> Parameters => field ??= [.. Entry.Parameters(Module)];

    public IReadOnlyList<ModuleTensor> Buffers => field ??= [.. Entry.Buffers(Module)];

    public override IEnumerable<(string Name, int Rows, int Columns)> Tensors
        => Parameters.Concat(Buffers).Select(tensor => ($"{Name}.{tensor.Part}", tensor.Rows, tensor.Columns));

    public override IReadOnlyList<(string Own, string PyTorch)> Parts
        => [.. Parameters.Concat(Buffers).Select(tensor => (tensor.Part, tensor.PyTorchName))];

    public override Module Build(PlanBuilder builder) => Entry.Build(this, builder.Streams);

    public override string ToString() => Entry.Write(Module);
}

/// <summary><c>residual(branch | shortcut)</c>; with an empty shortcut the input goes around as it is.</summary>
internal sealed record ResidualNode(string Name, Shape From, IReadOnlyList<PlanNode> Branch, IReadOnlyList<PlanNode> Shortcut)
    : PlanNode(Name, From, Branch[^1].To)
{
    public override IReadOnlyList<IReadOnlyList<PlanNode>> Inside => Shortcut.Count > 0 ? [Branch, Shortcut] : [Branch];

    public override Module Build(PlanBuilder builder)
        => new Residual(Name, builder.Row($"{Name}/branch", Branch), Shortcut.Count > 0 ? builder.Row($"{Name}/shortcut", Shortcut) : null);

    public override string ToString() => $"{NetworkParts.Residual}({string.Join(" | ", Inside.Select(row => string.Join(", ", row)))})";
}
