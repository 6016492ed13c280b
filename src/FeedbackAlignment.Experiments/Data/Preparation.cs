using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>
/// Brings numbers to the scale that a network learns from: missing numbers are filled in, a range becomes 0 … 1, or columns are
/// standardized; a factor comes last. All that is counted is counted over the training examples alone.
/// </summary>
internal static class Preparation
{
    /// <summary>Counts over the training examples what the spec asks for.</summary>
    /// <param name="schema">The schema so far.</param>
    /// <param name="train">The training examples, as they stand in the files.</param>
    /// <param name="spec">What is asked for, with nothing left open.</param>
    public static DataSchema Fit(DataSchema schema, DataSet train, DataSpec spec)
    {
        var fitted = schema with
        {
            Scale = spec.Scale,
            Greatest = Greatest(train.Inputs) is var greatest && float.IsFinite(greatest) ? greatest : null,
            Fill = schema.Missing == MissingIds.Mean ? Means(train.Inputs) : null,
            InputScale = spec.InputScale,
            ClassCounts = train.Labels is null ? null : train.CountClasses(),
            TargetMeans = train.Labels is null ? Means(train.Targets) : null,
        };
        if (spec.Standardize is null or StandardizeIds.None)
        {
            return fitted;
        }

        var inputs = Copy(train.Inputs);
        FillIn(inputs, fitted);
        return fitted with
        {
            Inputs = OnlyNumbers(Standardizer.Fit(inputs), fitted),
            Targets = spec.Standardize == StandardizeIds.InputsAndTargets && !schema.Classification ? Standardization.Of(Standardizer.Fit(train.Targets)) : null,
        };
    }

    /// <summary>Brings inputs to their scale, in place.</summary>
    public static void Apply(DataSchema schema, Matrix inputs)
    {
        FillIn(inputs, schema);
        if (schema.Scale is [var from, var to])
        {
            OnlyNumbers(Standardizer.Range(from, to, inputs.Columns), schema).ToStandardizer().ApplyInPlace(inputs);
        }

        schema.Inputs?.ToStandardizer().ApplyInPlace(inputs);
        if (schema.InputScale != 1)
        {
            Multiply(inputs, schema.InputScale);
        }
    }

    /// <summary>Brings inputs and targets to their scale, in place.</summary>
    public static void Apply(DataSchema schema, DataSet examples)
    {
        Apply(schema, examples.Inputs);
        schema.Targets?.ToStandardizer().ApplyInPlace(examples.Targets);
    }

    /// <summary>
    /// Brings the inputs of an example back to the units of the file. What was filled in stays, and a constant column gets its training
    /// mean.
    /// </summary>
    /// <returns>The numbers, but for what rounding takes.</returns>
    public static float[] Invert(DataSchema schema, ReadOnlySpan<float> inputs)
    {
        var numbers = new Matrix(1, inputs.Length);
        inputs.CopyTo(numbers.Row(0));
        if (schema.InputScale is not (1 or 0))
        {
            Multiply(numbers, 1 / schema.InputScale);
        }

        numbers = schema.Inputs?.ToStandardizer().Invert(numbers) ?? numbers;
        if (schema.Scale is [var from, var to])
        {
            numbers = OnlyNumbers(Standardizer.Range(from, to, inputs.Length), schema).ToStandardizer().Invert(numbers);
        }

        return numbers.Row(0).ToArray();
    }

    /// <summary>Multiplies every element by a factor, in place.</summary>
    public static void Multiply(Matrix inputs, float factor)
    {
        for (var example = 0; example < inputs.Rows; example++)
        {
            var row = inputs.Row(example);
            for (var number = 0; number < row.Length; number++)
            {
                row[number] *= factor;
            }
        }
    }

    /// <summary>The greatest element.</summary>
    public static float Greatest(Matrix inputs)
    {
        var greatest = float.NegativeInfinity;
        for (var example = 0; example < inputs.Rows; example++)
        {
            foreach (var number in inputs.Row(example))
            {
                greatest = number > greatest ? number : greatest;
            }
        }

        return greatest;
    }

    /// <summary>Categories and truth values stay 0 and 1.</summary>
    private static Standardization OnlyNumbers(Standardizer fitted, DataSchema schema)
    {
        var (means, deviations) = (fitted.Means.ToArray(), fitted.Deviations.ToArray());
        foreach (var (place, column) in schema.ColumnOfEachInput().Index())
        {
            if (column.Categories is not null || column.Values == ColumnValues.Booleans)
            {
                (means[place], deviations[place]) = (0, 1);
            }
        }

        return new Standardization(means, deviations);
    }

    private static void FillIn(Matrix inputs, DataSchema schema)
    {
        if (schema.Fill is not { } fill)
        {
            return;
        }

        for (var example = 0; example < inputs.Rows; example++)
        {
            var row = inputs.Row(example);
            for (var number = 0; number < row.Length; number++)
            {
                row[number] = float.IsNaN(row[number]) ? fill[number] : row[number];
            }
        }
    }

    /// <summary>The means of the numbers that are there; 0 where none is.</summary>
    public static float[] Means(Matrix inputs)
    {
        var (sums, counts) = (new double[inputs.Columns], new int[inputs.Columns]);
        for (var example = 0; example < inputs.Rows; example++)
        {
            var row = inputs.Row(example);
            for (var number = 0; number < row.Length; number++)
            {
                if (!float.IsNaN(row[number]))
                {
                    sums[number] += row[number];
                    counts[number]++;
                }
            }
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? 0 : (float)(sum / count))];
    }

    private static Matrix Copy(Matrix from)
    {
        var copy = new Matrix(from.Rows, from.Columns);
        for (var row = 0; row < from.Rows; row++)
        {
            from.Row(row).CopyTo(copy.Row(row));
        }

        return copy;
    }
}
