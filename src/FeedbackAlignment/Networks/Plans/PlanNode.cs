namespace FeedbackAlignment.Networks;

/// <summary>A module of a plan.</summary>
/// <param name="Name">The module's name.</param>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Width of its output.</param>
internal abstract record PlanNode(string Name, int Inputs, int Outputs)
{
    /// <summary>The rows of modules in it.</summary>
    public virtual IReadOnlyList<IReadOnlyList<PlanNode>> Rows => [];

    /// <summary>It and all in it, in forward order.</summary>
    public IEnumerable<PlanNode> All => Rows.SelectMany(row => row).SelectMany(node => node.All).Prepend(this);

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

/// <summary><c>dense 256 relu</c>; without an activation the options say it.</summary>
internal sealed record DenseNode(string Name, int Inputs, int Outputs, Activation? Activation) : PlanNode(Name, Inputs, Outputs)
{
    public override IEnumerable<(string Name, int Rows, int Columns)> Tensors => [($"{Name}.weights", Outputs, Inputs)];

    public override IReadOnlyList<(string Own, string PyTorch)> Parts => [("weights", "weight"), ("biases", "bias")];

    public override Module Build(PlanBuilder builder) => builder.Layer(this);

    public override string ToString()
        => $"{NetworkParts.Dense} {Outputs}{(Activation is null || Activation == Activation.Linear ? "" : $" {Activation}")}";
}

/// <summary><c>relu</c>, where it belongs to no layer.</summary>
internal sealed record ActivationNode(string Name, int Units, Activation Activation) : PlanNode(Name, Units, Units)
{
    public override Module Build(PlanBuilder builder) => new ActivationModule(Name, Shape.Flat(Units), Activation);

    public override string ToString() => Activation.Id;
}

/// <summary>A module of a catalog: <c>batch-norm</c>, <c>dropout 0.2</c>.</summary>
internal sealed record ModuleNode(ModuleEntry Entry, string Name, int Inputs, IReadOnlyList<double> Arguments)
    : PlanNode(Name, Inputs, Inputs)
{
    /// <summary>What its entry is told.</summary>
    public PlannedModule Module { get; } = new(Entry, Name, Inputs, Arguments);

    public override int LeastBatch => Entry.LeastBatch;

    public IReadOnlyList<ModuleTensor> Parameters => field ??= [.. Entry.Parameters(Module)];

    public IReadOnlyList<ModuleTensor> Buffers => field ??= [.. Entry.Buffers(Module)];

    public override IEnumerable<(string Name, int Rows, int Columns)> Tensors
        => Parameters.Concat(Buffers).Select(tensor => ($"{Name}.{tensor.Part}", tensor.Rows, tensor.Columns));

    public override IReadOnlyList<(string Own, string PyTorch)> Parts
        => [.. Parameters.Concat(Buffers).Select(tensor => (tensor.Part, tensor.PyTorchName))];

    public override Module Build(PlanBuilder builder) => Entry.Build(this, builder.Streams);

    public override string ToString() => Entry.Write(Arguments);
}

/// <summary><c>residual(branch | shortcut)</c>; with an empty shortcut the input goes around as it is.</summary>
internal sealed record ResidualNode(string Name, int Inputs, IReadOnlyList<PlanNode> Branch, IReadOnlyList<PlanNode> Shortcut)
    : PlanNode(Name, Inputs, Branch[^1].Outputs)
{
    public override IReadOnlyList<IReadOnlyList<PlanNode>> Rows => Shortcut.Count > 0 ? [Branch, Shortcut] : [Branch];

    public override Module Build(PlanBuilder builder)
        => new Residual(Name, builder.Row($"{Name}/branch", Branch), Shortcut.Count > 0 ? builder.Row($"{Name}/shortcut", Shortcut) : null);

    public override string ToString() => $"{NetworkParts.Residual}({string.Join(" | ", Rows.Select(row => string.Join(", ", row)))})";
}
