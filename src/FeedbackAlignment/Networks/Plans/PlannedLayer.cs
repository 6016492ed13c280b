namespace FeedbackAlignment.Networks;

/// <summary>A layer with weights of a <see cref="NetworkPlan"/>.</summary>
public sealed record PlannedLayer
{
    internal PlannedLayer(LayerNode node) => (IsConvolution, Name, From, To, Activation, Rows, Columns, FanIn, FanOut)
        = (node is ConvNode, node.Name, node.From, node.To, node.Activation, node.Rows, node.Columns, node.Fans.In, node.Fans.Out);

    /// <summary>Its name: <c>hidden1</c>, <c>hidden2</c> …, <c>output</c>.</summary>
    public string Name { get; }

    /// <summary>Whether its weights are filters that move over a picture.</summary>
    public bool IsConvolution { get; }

    /// <summary>The shape of its input.</summary>
    public Shape From { get; }

    /// <summary>The shape of its output: units in a row, or a picture.</summary>
    public Shape To { get; }

    /// <summary>What its units do; null: <see cref="MlpOptions"/> say it.</summary>
    public Activation? Activation { get; }

    /// <summary>Rows of its weights: units, or filters. There are as many biases.</summary>
    public int Rows { get; }

    /// <summary>Columns of its weights: inputs, or the numbers of a filter.</summary>
    public int Columns { get; }

    /// <summary>Inputs that an output sees.</summary>
    public int FanIn { get; }

    /// <summary>Outputs that an input is seen by.</summary>
    public int FanOut { get; }

    /// <summary>Number of its inputs.</summary>
    public int Inputs => From.Size;

    /// <summary>Number of its units.</summary>
    public int Outputs => To.Size;

    /// <summary>Number of its weights, without biases.</summary>
    public long Weights => (long)Rows * Columns;

    /// <summary>Places at which the weights are used for one example: the positions of its output.</summary>
    public int Positions => Outputs / Rows;
}
