using System.Globalization;

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
    /// What its parameters and buffers are called behind its name, in their order; biases too, whether or not there are any.
    /// </summary>
    public virtual IReadOnlyList<string> Parts => [];

    /// <summary>Makes the module.</summary>
    public abstract Module Build(PlanBuilder builder);
}

/// <summary><c>dense 256 relu</c>; without an activation the options say it.</summary>
internal sealed record DenseNode(string Name, int Inputs, int Outputs, Activation? Activation) : PlanNode(Name, Inputs, Outputs)
{
    public override IEnumerable<(string Name, int Rows, int Columns)> Tensors => [($"{Name}.weights", Outputs, Inputs)];

    public override IReadOnlyList<string> Parts => ["weights", "biases"];

    public override Module Build(PlanBuilder builder) => builder.Layer(this);

    public override string ToString()
        => $"dense {Outputs}{(Activation is null || Activation == Activation.Linear ? "" : $" {Activation}")}";
}

/// <summary><c>relu</c>, where it belongs to no layer.</summary>
internal sealed record ActivationNode(string Name, int Units, Activation Activation) : PlanNode(Name, Units, Units)
{
    public override Module Build(PlanBuilder builder) => new ActivationModule(Name, Shape.Flat(Units), Activation);

    public override string ToString() => Activation.Id;
}

/// <summary><c>batch-norm</c> or <c>layer-norm</c>.</summary>
internal sealed record NormNode(string Name, int Units, bool IsOverBatch) : PlanNode(Name, Units, Units)
{
    /// <summary>The words for both kinds.</summary>
    public const string OverBatch = "batch-norm", OverLayer = "layer-norm";

    public override int LeastBatch => IsOverBatch ? 2 : 1;

    public override IEnumerable<(string Name, int Rows, int Columns)> Tensors
        => Parts.Select(part => ($"{Name}.{part}", 1, Units));

    public override IReadOnlyList<string> Parts
        => IsOverBatch ? ["scale", "shift", "running-mean", "running-variance"] : ["scale", "shift"];

    public override Module Build(PlanBuilder builder)
        => IsOverBatch ? new BatchNorm(Name, Shape.Flat(Units)) : new LayerNorm(Name, Shape.Flat(Units));

    public override string ToString() => IsOverBatch ? OverBatch : OverLayer;
}

/// <summary><c>dropout 0.2</c>.</summary>
internal sealed record DropoutNode(string Name, int Units, double Probability) : PlanNode(Name, Units, Units)
{
    public override Module Build(PlanBuilder builder) => new Dropout(Name, Shape.Flat(Units), Probability);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"dropout {Probability}");
}

/// <summary><c>residual(branch | shortcut)</c>; with an empty shortcut the input goes around as it is.</summary>
internal sealed record ResidualNode(string Name, int Inputs, IReadOnlyList<PlanNode> Branch, IReadOnlyList<PlanNode> Shortcut)
    : PlanNode(Name, Inputs, Branch[^1].Outputs)
{
    public override IReadOnlyList<IReadOnlyList<PlanNode>> Rows => Shortcut.Count > 0 ? [Branch, Shortcut] : [Branch];

    public override Module Build(PlanBuilder builder)
        => new Residual(Name, builder.Row($"{Name}/branch", Branch), Shortcut.Count > 0 ? builder.Row($"{Name}/shortcut", Shortcut) : null);

    public override string ToString() => $"residual({string.Join(" | ", Rows.Select(row => string.Join(", ", row)))})";
}
