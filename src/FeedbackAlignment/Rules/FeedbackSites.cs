namespace FeedbackAlignment.Rules;

/// <summary>
/// Where direct feedback brings its errors. Below such a site nothing flows on from above, through shortcuts neither. Between two sites the
/// error crosses the layers' own weights, as in backpropagation, or as a mixture says.
/// </summary>
public enum FeedbackSites
{
    /// <summary>
    /// After each hidden activation, after each layer with weights that another follows, and after each residual sum that no activation
    /// follows.
    /// </summary>
    Module,

    /// <summary>
    /// The same, but not inside residual blocks: each block gets one error, at its end. A layer outside of blocks is a block of its own.
    /// </summary>
    Block,

    /// <summary>
    /// As <see cref="Module"/>, but where pooling follows, after it: then the derivatives of pooling and activation are both the layer's own.
    /// </summary>
    Pooled,
}
