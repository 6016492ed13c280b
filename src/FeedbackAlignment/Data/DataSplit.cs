using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// Disjoint sets of examples: learn on the first, choose on the second, report on the third, once. Validation and test may be missing;
/// who asks for what is missing gets an exception that says so.
/// </summary>
public sealed record DataSplit
{
    private readonly DataSet? _validation, _test;

    /// <summary>Puts the parts together.</summary>
    /// <param name="train">The examples the network learns from.</param>
    /// <param name="validation">The examples that choices are made on; null: none.</param>
    /// <param name="test">The examples that results are reported on; null: none.</param>
    public DataSplit(DataSet train, DataSet? validation = null, DataSet? test = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        (Train, _validation, _test) = (train, validation, test);
    }

    /// <summary>The examples the network learns from.</summary>
    public DataSet Train
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>Whether there are validation examples.</summary>
    public bool HasValidation => _validation is not null;

    /// <summary>Whether there are test examples.</summary>
    public bool HasTest => _test is not null;

    /// <summary>The examples that choices are made on.</summary>
    /// <exception cref="InvalidOperationException">There are none; see <see cref="HasValidation"/>.</exception>
    public DataSet Validation
    {
        get => _validation ?? throw Missing("validation", nameof(HasValidation));
        init => _validation = value;
    }

    /// <summary>The examples that results are reported on.</summary>
    /// <exception cref="InvalidOperationException">There are none; see <see cref="HasTest"/>.</exception>
    public DataSet Test
    {
        get => _test ?? throw Missing("test", nameof(HasTest));
        init => _test = value;
    }

    /// <summary>The parts that there are, with what they are called in messages.</summary>
    public IReadOnlyList<(string Name, DataSet Examples)> Parts =>
    [
        ("training", Train),
        .. _validation is null ? Array.Empty<(string, DataSet)>() : [("validation", _validation)],
        .. _test is null ? Array.Empty<(string, DataSet)>() : [("test", _test)],
    ];

    /// <summary>Adds to the identity of a training what has a part in it; test examples have none.</summary>
    internal void Identify(Identity identity)
    {
        Train.Identify(identity.In("training"));
        _validation?.Identify(identity.In("validation"));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{string.Join(", ", Parts.Select(part => $"{part.Examples.Count} {part.Name}"))} examples";

    private static InvalidOperationException Missing(string what, string ask) => new($"there are no {what} examples; ask {nameof(DataSplit)}.{ask} first, or give some");
}
